import * as z from 'zod';
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { JournalHead } from '../registry/ports.ts';
import type { Database } from '../store/database.ts';
import { ChainedJournal, type ChainEnd } from './chained-journal.ts';
import { newestCheckpoint } from './chain/checkpoint-table.ts';
import { GENESIS_HASH } from './chain/hash.ts';
import type { KeptHead } from './chain/kept-head.ts';
import { MAX_UNSIGNED_ROWS } from './chain/must-sign.ts';
import type { CheckpointSigner } from './chain/signer.ts';
import { terminalId as terminalIdSchema } from './events/words.ts';
import { checkBlanks } from './projections/blank-check.ts';
import { checkCardOutcomes } from './projections/outcome-check.ts';
import { checkSmallTables } from './projections/small-table-check.ts';
import { checkRecentAttempts, type StateMismatch } from './projections/state-check.ts';
import { checkWaitingMessages } from './outbox/message-check.ts';
import { checkOwedReports } from './outbox/owed-check.ts';
import { BEGINNING, walkChain, type ChainStart } from './verify/chain.ts';
import type { Break } from './verify/report.ts';
import { unborneHeads } from './verify/kept-heads.ts';
import { rawRows } from './verify/raw-rows.ts';

export type OpenJournalError =
  /** The newest rows do not hold, or were signed by another key or for another terminal. */
  | { readonly kind: 'broken'; readonly firstBreak: Break }
  | ({ readonly kind: 'stateMismatch' } & StateMismatch)
  | RowsLost;

/** A head kept beside the journal is newer: its newest rows were lost, or an older copy was put back. */
export interface RowsLost {
  readonly kind: 'rowsLost';
  readonly rows: number;
  readonly keptHead: JournalHead;
}

export interface OpenedJournal {
  readonly journal: ChainedJournal;
  /** What the last run left: nothing, an orderly end, or neither. */
  readonly previousStop: 'first' | 'clean' | 'unclean';
  /** The heads that prove a loss, where the caller said that a person is about to take note of one. */
  readonly lost: readonly JournalHead[];
}

/** How far back attempts are folded again at each start. */
const RECENT_ROWS = 2_000;

/**
 * Opens the journal and checks its newest part: chain, signature and terminal since the last but one
 * checkpoint, that the attempts still open, what every card came to, all blanks, old cards and incidents are
 * what the events say, and that no report is lost on its way. The whole is checked by `verify`.
 */
export function openJournal(parts: {
  readonly database: Database;
  readonly signer: CheckpointSigner;
  readonly clock: Clock;
  readonly terminalId: string;
  /** Follows the journal in a file of its own, and is held against it first. */
  readonly keptHead?: KeptHead;
  /** Only for those who are about to record that a person took note of the loss. */
  readonly acceptsLoss?: boolean;
}): Result<OpenedJournal, OpenJournalError> {
  const { database, signer, terminalId, keptHead } = parts;
  assert(terminalIdSchema.safeParse(terminalId).success, 'the terminal has a usable identifier');
  const newest = newestCheckpoint(database);
  const start = rowBefore(database, Math.max(0, (newest?.size ?? 0) - MAX_UNSIGNED_ROWS));
  const walked = walkChain({
    rows: rawRows(database, start.seq),
    checkpoints: newest === null ? [] : [{ size: newest.size, head: newest }],
    anchors: [],
    publicKey: signer.publicKey,
    terminalId,
    start,
  });
  if (walked.firstBreak !== null) return err({ kind: 'broken', firstBreak: walked.firstBreak });
  const mismatch =
    checkRecentAttempts(database, walked.lastSeq - RECENT_ROWS) ??
    checkCardOutcomes(database) ??
    checkBlanks(database) ??
    checkSmallTables(database) ??
    checkOwedReports(database) ??
    checkWaitingMessages(database);
  if (mismatch !== null) return err({ kind: 'stateMismatch', ...mismatch });
  const kept = keptHead?.read({ publicKey: signer.publicKey, terminalId }) ?? [];
  const lost = unborneHeads(database, walked.lastSeq, kept, () => true);
  const [newestLost] = lost;
  if (newestLost !== undefined && parts.acceptsLoss !== true) {
    return err({ kind: 'rowsLost', rows: walked.lastSeq, keptHead: newestLost });
  }
  const end: ChainEnd = { seq: walked.lastSeq, hash: walked.lastHash };
  return ok({
    journal: new ChainedJournal({ ...parts, boot: newId('boot'), end, head: newest }),
    previousStop: previousStop(database, end.seq),
    lost,
  });
}

/** True while nothing was ever appended: only then may a signing key be made. */
export function journalIsEmpty(database: Database): boolean {
  return database.get(z.unknown(), 'SELECT 1 FROM rows LIMIT 1') === undefined;
}

function rowBefore(database: Database, seq: number): ChainStart {
  if (seq === 0) return BEGINNING;
  const row = database.get(
    z.strictObject({ hash: z.instanceof(Uint8Array) }),
    'SELECT hash FROM rows WHERE seq = ?',
    seq,
  );
  return { seq, hash: row?.hash ?? GENESIS_HASH };
}

function previousStop(database: Database, lastSeq: number): OpenedJournal['previousStop'] {
  if (lastSeq === 0) return 'first';
  const last = database.get(
    z.strictObject({ kind: z.string().nullable() }),
    'SELECT kind FROM rows WHERE seq = ?',
    lastSeq,
  );
  return last?.kind === 'core.stopped' ? 'clean' : 'unclean';
}
