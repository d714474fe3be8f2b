import * as z from 'zod';
import type { Journal } from '../journal/journal.ts';

const ofAttempt = z.object({ request_id: z.string() });

/** The request that the record says an attempt is for; null: it knows no such attempt. */
export const recordedRequest = (
  { reader }: Pick<Journal, 'reader'>,
  attemptId: string,
): string | null =>
  reader.get(ofAttempt, 'SELECT request_id FROM attempts WHERE attempt_id = ?', attemptId)
    ?.request_id ?? null;
