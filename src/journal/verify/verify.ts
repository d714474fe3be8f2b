import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { JournalHead } from '../../registry/ports.ts';
import type { Database } from '../../store/database.ts';
import { storageFaultOf } from '../../store/faults.ts';
import { migrationsOf, openInMemory } from '../../store/open-database.ts';
import { storedCheckpoints } from '../chain/checkpoint-table.ts';
import { MAX_UNSIGNED_ROWS, mustSign } from '../chain/must-sign.ts';
import { parseRow } from '../chain/row-body.ts';
import { checkStates } from '../projections/state-check.ts';
import { walkChain, type ChainFindings, type RawRow } from './chain.ts';
import type { Break, VerifyReport } from './report.ts';

export interface VerifyOptions {
  readonly publicKey: KeyObject;
  /** Heads that others keep. */
  readonly anchors: readonly JournalHead[];
}

/**
 * Reads the whole journal: chain, signatures and anchors, then the file itself and the tables of
 * states. It never throws for what it finds in the file.
 */
export function verifyJournal(database: Database, options: VerifyOptions): VerifyReport {
  let rows = 0;
  let checkpoints = 0;
  let terminalId: string | null = null;
  let findings: ChainFindings | null = null;
  const firstBreak = breakOfDamage(
    () => {
      terminalId = terminalOf(database) ?? options.anchors[0]?.terminalId ?? null;
      const walked = walkChain({
        rows: counted(rawRows(database, 0), () => (rows += 1)),
        checkpoints: counted(storedCheckpoints(database), () => (checkpoints += 1)),
        terminalId: terminalId ?? '',
        ...options,
      });
      findings = walked;
      return (
        walked.firstBreak ??
        unsignedTail(database, walked) ??
        fileBreak(database, walked.lastSeq) ??
        statesBreak(database, walked.lastSeq)
      );
    },
    database.path,
    () => rows,
  );
  const { signedThrough, anchoredThrough } = withDefaults(findings);
  return { terminalId, rows, checkpoints, signedThrough, anchoredThrough, firstBreak };
}

/** Bodies as bytes: text that is no UTF-8 must not be repaired on the way. */
export const rawRows = (database: Database, afterSeq: number): IterableIterator<RawRow> =>
  database.iterateRaw(
    'SELECT seq, CAST(body AS BLOB), hash FROM rows WHERE seq > ? ORDER BY seq',
    afterSeq,
  ) as unknown as IterableIterator<RawRow>;

function* counted<T>(items: Iterable<T>, count: () => void): IterableIterator<T> {
  for (const item of items) {
    count();
    yield item;
  }
}

const withDefaults = (
  findings: ChainFindings | null,
): { readonly signedThrough: number; readonly anchoredThrough: number | null } =>
  findings ?? { signedThrough: 0, anchoredThrough: null };

/** A page that SQLite cannot read is a break at the row that could not be reached. */
function breakOfDamage(
  work: () => Break | null,
  path: string,
  rowsRead: () => number,
): Break | null {
  try {
    return work();
  } catch (error) {
    if (storageFaultOf(error, path) !== 'damaged') throw error;
    const detail = error instanceof Error ? error.message : 'unreadable';
    return { reason: 'databaseDamaged', seq: rowsRead() + 1, lastGoodSeq: rowsRead(), detail };
  }
}

function terminalOf(database: Database): string | null {
  const [first] = database.iterateRaw(
    `SELECT json_extract(body, '$.terminal') FROM rows
     WHERE seq = (SELECT min(seq) FROM rows) AND json_valid(body)
     UNION ALL SELECT terminal_id FROM checkpoints LIMIT 1`,
  );
  return typeof first?.[0] === 'string' ? first[0] : null;
}

/**
 * The program signs at least every hundredth row and every row that announces or settles something.
 * A tail without them is what is left after checkpoints were removed to hide a rewritten chain.
 */
function unsignedTail(database: Database, { lastSeq, signedThrough }: ChainFindings): Break | null {
  if (lastSeq - signedThrough < MAX_UNSIGNED_ROWS && !holdsSignedEvent(database, signedThrough)) {
    return null;
  }
  return {
    reason: 'unsignedTail',
    seq: signedThrough + 1,
    lastGoodSeq: signedThrough,
    detail: `rows ${signedThrough + 1} to ${lastSeq} should be under a signature`,
  };
}

function holdsSignedEvent(database: Database, afterSeq: number): boolean {
  const seqAndBody = z.strictObject({ seq: z.number().int(), body: z.string() });
  const query = 'SELECT seq, body FROM rows WHERE seq > ? ORDER BY seq';
  for (const { seq, body } of database.iterate(seqAndBody, query, afterSeq)) {
    if (mustSign(parseRow(seq, body).event)) return true;
  }
  return false;
}

const schemaRow = z.strictObject({ name: z.string(), sql: z.string().nullable() });
const SCHEMA_QUERY = `SELECT name, sql FROM sqlite_schema
  WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name`;

/** SQLite's own check, indexes included, and that every table is the one our migrations make. */
function fileBreak(database: Database, lastSeq: number): Break | null {
  const damaged = (detail: string): Break => ({
    reason: 'databaseDamaged',
    seq: lastSeq,
    lastGoodSeq: lastSeq,
    detail,
  });
  const [firstLine] = database.pragmaLines('integrity_check');
  if (firstLine !== 'ok') return damaged(firstLine ?? 'no answer');
  const expected = openInMemory(migrationsOf('journal')).all(schemaRow, SCHEMA_QUERY);
  const found = database.all(schemaRow, SCHEMA_QUERY);
  const named = (table: { readonly name: string; readonly sql: string | null } | undefined) =>
    `${table?.name ?? ''}: ${table?.sql ?? ''}`;
  const length = Math.max(expected.length, found.length);
  const index = Array.from({ length }).findIndex(
    (_, at) => named(expected[at]) !== named(found[at]),
  );
  if (index === -1) return null;
  return damaged(`${found[index]?.name ?? expected[index]?.name ?? ''} is not as we made it`);
}

function statesBreak(database: Database, lastSeq: number): Break | null {
  const mismatch = checkStates(database);
  if (mismatch === null) return null;
  return {
    reason: 'stateMismatch',
    seq: lastSeq,
    lastGoodSeq: lastSeq,
    detail: `table ${mismatch.table}, key ${mismatch.key}, is not what the events say`,
  };
}
