import * as z from 'zod';
import { moveSchema, type RecordEntry } from '../../../drivers/cabinet/record.ts';
import type { Stack } from '../../../scripts/stack/stack.ts';

const entry = z
  .looseObject({ seq: z.number().int(), at: z.number().int() })
  .transform(({ seq, at, ...move }): RecordEntry => ({ seq, at, ...moveSchema.parse(move) }));
const entries = z.object({ entries: z.array(entry) });
const next = z.object({ entry: entry.nullable() });

/** What physically moved after the entry `after`, as the cabinet remembers it. */
export async function movedSince(
  { panel }: Pick<Stack, 'panel'>,
  after: number,
): Promise<readonly RecordEntry[]> {
  return (await panel.get(`/api/record?after=${after}`, entries)).entries;
}

/** The number of the newest entry. */
export async function recordLength({ panel }: Pick<Stack, 'panel'>): Promise<number> {
  return (await panel.get('/api/state', z.object({ recordLength: z.number() }))).recordLength;
}

/** Completes at the first entry of one of these types after `after`. */
export async function untilMoved(
  { panel }: Pick<Stack, 'panel'>,
  after: number,
  types: readonly RecordEntry['type'][],
  withinMs = 60_000,
): Promise<RecordEntry> {
  const query = `after=${after}&type=${types.join(',')}&timeoutMs=${withinMs}`;
  const { entry: found } = await panel.get(`/api/record/next?${query}`, next);
  if (found === null) throw new Error(`none of ${types.join(', ')} within ${withinMs} ms`);
  return found;
}

/** Movements of controlled stock, an old card or a chip; tapping and scanning move nothing. */
export const ofStock = (record: readonly RecordEntry[]): readonly RecordEntry[] =>
  record.filter(({ type }) => STOCK_MOVES.has(type));

const STOCK_MOVES: ReadonlySet<RecordEntry['type']> = new Set([
  'blankFed',
  'chipWritten',
  'sidePrinted',
  'sidePartlyPrinted',
  'cardPresented',
  'cardTaken',
  'cardPushedOut',
  'cardRetracted',
  'cardRejected',
  'jammed',
  'oldCardDrawnIn',
  'oldCardCaptured',
]);
