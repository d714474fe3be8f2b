import type { KeyObject } from 'node:crypto';
import * as z from 'zod';
import { InvariantError } from '../../base/assert.ts';
import type { JournalHead } from '../../registry/ports.ts';
import type { Database } from '../../store/database.ts';
import { codeOf, storageFaultOf } from '../../store/faults.ts';
import { migrationsOf, openInMemory } from '../../store/open-database.ts';
import { storedCheckpoints } from '../chain/checkpoint-table.ts';
import { MAX_UNSIGNED_ROWS, mustSign } from '../chain/must-sign.ts';
import { readRowBody } from '../chain/row-body.ts';
import { checkWaitingMessages } from '../outbox/message-check.ts';
import { checkOwedReports } from '../outbox/owed-check.ts';
import { checkStates } from '../projections/state-check.ts';
import { acceptedLosses, headsOfLosses } from './accepted-losses.ts';
import { accountsBreak, notesBreak, vaultBreak } from './beside-rows.ts';
import { walkChain, type ChainFindings } from './chain.ts';
import { rawRows } from './raw-rows.ts';
import type { AcceptedLoss, Break, BreakReason, VerifyReport } from './report.ts';

export interface VerifyOptions {
  readonly publicKey: KeyObject;
  /** Heads that others keep. */
  readonly anchors: readonly JournalHead[];
}

/**
 * Reads the whole journal: chain, signatures and anchors, then the file itself, what lies sealed or
 * noted beside the rows, and the tables of states. It never throws for what it finds in the file.
 */
export function verifyJournal(database: Database, options: VerifyOptions): VerifyReport {
  let rows = 0;
  let checkpoints = 0;
  let terminalId: string | null = null;
  let findings: ChainFindings | null = null;
  let accepted: readonly AcceptedLoss[] = [];
  const firstBreak = breakOfDamage(
    () => {
      terminalId = terminalOf(database) ?? options.anchors[0]?.terminalId ?? null;
      accepted = readableLosses(database);
      const walked = walkChain({
        rows: counted(rawRows(database, 0), () => (rows += 1)),
        checkpoints: counted(storedCheckpoints(database), () => (checkpoints += 1)),
        terminalId: terminalId ?? '',
        headsOfLosses: headsOfLosses(accepted),
        ...options,
      });
      findings = walked;
      return (
        walked.firstBreak ??
        tailBreak(database, walked) ??
        fileBreak(database, walked.lastSeq) ??
        vaultBreak(database, walked.lastSeq) ??
        notesBreak(database) ??
        accountsBreak(database, walked.lastSeq) ??
        statesBreak(database, walked.lastSeq)
      );
    },
    database.path,
    () => rows,
  );
  const { signedThrough, anchoredThrough } = withDefaults(findings);
  const losses = accepted
    .filter(({ seq }) => seq <= signedThrough)
    .map(({ seq, lostAfter, lostThrough }) => ({ seq, lostAfter, lostThrough }));
  return { terminalId, rows, checkpoints, signedThrough, anchoredThrough, losses, firstBreak };
}

/** None where they cannot be read: the walk meets the damage itself, and at its row. */
function readableLosses(database: Database): readonly AcceptedLoss[] {
  try {
    return acceptedLosses(database);
  } catch (error) {
    if (!isDamage(error, database.path)) throw error;
    return [];
  }
}

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
    if (!isDamage(error, path)) throw error;
    const detail = error instanceof Error ? error.message : 'unreadable';
    return { reason: 'databaseDamaged', seq: rowsRead() + 1, lastGoodSeq: rowsRead(), detail };
  }
}

/**
 * The questions asked here never change: a file that cannot answer one (SQLITE_ERROR) is not ours any
 * more. Nor is one whose rows have another shape, or whose events do not follow from each other.
 */
const isDamage = (error: unknown, path: string): boolean =>
  error instanceof InvariantError ||
  storageFaultOf(error, path) === 'damaged' ||
  codeOf(error) === 'SQLITE_ERROR';

function terminalOf(database: Database): string | null {
  const [first] = database.iterateRaw('SELECT terminal_id FROM checkpoints ORDER BY size LIMIT 1');
  return typeof first?.[0] === 'string' ? first[0] : null;
}

/**
 * The program signs at least every hundredth row and every row that announces or settles something. A
 * tail without them is what is left after checkpoints were removed to hide a rewritten chain. What
 * follows the newest signature must at least be what the program would write.
 */
function tailBreak(database: Database, { lastSeq, signedThrough }: ChainFindings): Break | null {
  const at = (reason: BreakReason, seq: number, detail: string): Break => ({
    reason,
    seq,
    lastGoodSeq: signedThrough,
    detail,
  });
  const unsigned = at(
    'unsignedTail',
    signedThrough + 1,
    `rows ${signedThrough + 1} to ${lastSeq} should be under a signature`,
  );
  if (lastSeq - signedThrough >= MAX_UNSIGNED_ROWS) return unsigned;
  for (const [seq, body] of rawRows(database, signedThrough)) {
    const row = body === null ? null : readRowBody(seq, body);
    if (row === null) return at('bodyMalformed', seq, `row ${seq} is no event in canonical form`);
    if (mustSign(row.event)) return unsigned;
  }
  return null;
}

const schemaRow = z.strictObject({ name: z.string(), sql: z.string().nullable() });
const SCHEMA_QUERY = `SELECT name, sql FROM sqlite_schema
  WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name`;

/** SQLite's own check, indexes included, and that format and every table are those our migrations make. */
function fileBreak(database: Database, lastSeq: number): Break | null {
  const damaged = (detail: string): Break => ({
    reason: 'databaseDamaged',
    seq: lastSeq,
    lastGoodSeq: lastSeq,
    detail,
  });
  const [firstLine] = database.pragmaLines('integrity_check');
  if (firstLine !== 'ok') return damaged(firstLine ?? 'no answer');
  const made = openInMemory(migrationsOf('journal'));
  if (database.pragma('application_id') !== made.pragma('application_id')) {
    return damaged('the file says that it is of another format');
  }
  const expected = made.all(schemaRow, SCHEMA_QUERY);
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
  const mismatch =
    checkStates(database) ?? checkOwedReports(database) ?? checkWaitingMessages(database);
  if (mismatch === null) return null;
  return {
    reason: 'stateMismatch',
    seq: lastSeq,
    lastGoodSeq: lastSeq,
    detail: `table ${mismatch.table}, key ${mismatch.key}, is not what the events say`,
  };
}
