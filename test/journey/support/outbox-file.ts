import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { untilHolds } from './waiting.ts';

const waiting = z.object({ n: z.number() });

/**
 * Completes when the registry was told everything, or refused it and it is parked for people; fails where
 * it is not within a minute.
 */
export async function untilOutboxEmpty(dataDir: string): Promise<void> {
  const database = new DatabaseSync(path.join(dataDir, 'journal.db'), { readOnly: true });
  try {
    const query = database.prepare("SELECT count(*) AS n FROM outbox WHERE state = 'waiting'");
    await untilHolds(
      () => waiting.parse(query.get()).n,
      (n) => n === 0,
      60_000,
    );
  } finally {
    database.close();
  }
}
