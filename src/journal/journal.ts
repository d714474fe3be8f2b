import type { Json } from '../base/canonical-json.ts';
import type { Result } from '../base/result.ts';
import type { JournalHead } from '../registry/ports.ts';
import type { SqlReader, SqlWriter } from '../store/sql.ts';
import type { JournalEvent } from './catalogue.ts';
import type { OutboxMessage } from './outbox/message.ts';
import type { VerifyReport } from './verify/report.ts';

/** What one append commits, all of it or nothing. */
export interface Append {
  readonly events: readonly JournalEvent[];
  /**
   * Asks for a signed checkpoint over these events. Events that announce a physical act or settle an
   * attempt always get one; so does every hundredth row.
   */
  readonly checkpoint?: boolean;
  /** Runs inside the transaction, after the events; synchronous. What it throws undoes everything. */
  readonly also?: (tx: JournalTransaction) => void;
}

/** What may be written together with events. Attempts, blanks and old cards follow from the events themselves. */
export interface JournalTransaction {
  /** Sequence numbers of the appended events, in order. */
  readonly seqs: readonly number[];
  /** Owes the registry a message. The same key again changes nothing. */
  enqueue(idempotencyKey: string, message: OutboxMessage): void;
  /** Keeps what issuance must know of an attempt to go on after a restart; no personal data. */
  setAttemptDetail(attemptId: string, detail: Json): void;
  /** For tables that other modules own. */
  readonly sql: SqlWriter;
}

export interface AppendReceipt {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The checkpoint that was committed with the events, if one was. */
  readonly head: JournalHead | null;
}

export interface JournalRow {
  readonly seq: number;
  /** Milliseconds since the Unix epoch, as the wall clock said. */
  readonly at: number;
  /** Monotonic milliseconds; comparable only up to the next `core.started`, which begins another boot. */
  readonly mono: number;
  readonly event: JournalEvent;
}

export interface Journal {
  readonly terminalId: string;
  /** Names this run of core; monotonic times compare only within one. */
  readonly boot: string;
  /**
   * Completes when the events are on the disk. Rejects with `JournalWriteError` when nothing was
   * written: a throw and not a Result, so that no caller can go on to move a card by forgetting to look.
   */
  append(entry: Append): Promise<AppendReceipt>;
  /**
   * As `append`, of what `plan` answers once every earlier append is committed: what it reads of the record
   * still holds when its entry is written. Its refusal writes nothing.
   */
  appendPlanned<E>(plan: () => Result<Append, E>): Promise<Result<AppendReceipt, E>>;
  /** Signs the newest row where no checkpoint covers it yet; null while the journal is empty. */
  checkpoint(): Promise<JournalHead | null>;
  /** The newest signed head; null before the first. */
  head(): JournalHead | null;
  /** How many rows there are: the number of the newest. */
  size(): number;
  /** Rows `from` to `to`, both included, in order. */
  rows(from: number, to: number): JournalRow[];
  /** For queries over the same database; never to write. */
  readonly reader: SqlReader;
  /** Called after each commit, outside it. Returns the function that ends the subscription. */
  onAppended(listener: (rows: readonly JournalRow[]) => void): () => void;
  /** Called after each commit that owes the registry a message. */
  onEnqueued(listener: () => void): () => void;
  /** Reads everything and says whether the record holds; anchors are heads that others keep. */
  verify(anchors?: readonly JournalHead[]): VerifyReport;
  /**
   * Those of these heads that others keep which this record does not bear out: rows were lost, an older
   * copy was put back, or another key signed. Those of losses that a person took note of are left out.
   */
  unborne(heads: readonly JournalHead[]): readonly JournalHead[];
  /** The first of them; null where this record bears out all. */
  firstUnborne(heads: readonly JournalHead[]): JournalHead | null;
  /** Appends `core.stopped` under a checkpoint; afterwards every append is refused. */
  stop(reason: string): Promise<void>;
  /** Refuses every further append and says nothing of an end: the next start finds an unclean one. */
  abandon(): Promise<void>;
}

/**
 * `diskFull`, `signerUnavailable`: nothing was written, a later append may succeed. `ioError`: the disk
 * refused; what it holds is unknown until the journal is opened anew, so every further append is
 * refused. `stopped`.
 */
export type JournalWriteFault = 'diskFull' | 'signerUnavailable' | 'ioError' | 'stopped';

export class JournalWriteError extends Error {
  override readonly name = 'JournalWriteError';
  readonly kind: JournalWriteFault;

  constructor(kind: JournalWriteFault, options?: ErrorOptions) {
    super(`the journal was not written: ${kind}`, options);
    this.kind = kind;
  }
}
