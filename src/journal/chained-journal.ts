import { assert, InvariantError } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { Mutex } from '../base/mutex.ts';
import { ok, type Result } from '../base/result.ts';
import * as z from 'zod';
import type { JournalHead } from '../registry/ports.ts';
import type { Database } from '../store/database.ts';
import { storageFaultOf } from '../store/faults.ts';
import { journalEventSchema, type JournalEvent } from './catalogue.ts';
import { storeCheckpoint } from './chain/checkpoint-table.ts';
import { hashOfRow } from './chain/hash.ts';
import { headIsSignedBy, signedBytesOf } from './chain/head.ts';
import type { KeptHead } from './chain/kept-head.ts';
import { MAX_UNSIGNED_ROWS, mustSign } from './chain/must-sign.ts';
import { bodyOfRow, parseRow } from './chain/row-body.ts';
import { SignerUnavailable, type CheckpointSigner } from './chain/signer.ts';
import {
  JournalWriteError,
  type Append,
  type AppendReceipt,
  type Journal,
  type JournalRow,
  type JournalWriteFault,
} from './journal.ts';
import { enqueue } from './outbox/outbox-table.ts';
import { project } from './projections/project.ts';
import { unborneHeads } from './verify/kept-heads.ts';
import type { VerifyReport } from './verify/report.ts';
import { verifyJournal } from './verify/verify.ts';

/** Where the chain ends: the newest row and its hash. */
export interface ChainEnd {
  readonly seq: number;
  readonly hash: Uint8Array;
}

interface NewRow {
  readonly seq: number;
  readonly event: JournalEvent;
  readonly body: string;
  readonly hash: Uint8Array;
}

const storedRow = z.strictObject({ seq: z.number().int(), body: z.string() });

/** The journal on SQLite. Made by `openJournal`, which checks what is there first. */
export class ChainedJournal implements Journal {
  readonly terminalId: string;
  readonly boot: string;
  readonly #database: Database;
  readonly #signer: CheckpointSigner;
  readonly #clock: Clock;
  readonly #keptHead: KeptHead | null;
  readonly #mutex = new Mutex();
  readonly #emitter = new Emitter<{ enqueued: null; appended: readonly JournalRow[] }>();
  #end: ChainEnd;
  #head: JournalHead | null;
  #refusal: JournalWriteFault | null = null;

  constructor(parts: {
    readonly database: Database;
    readonly signer: CheckpointSigner;
    readonly clock: Clock;
    readonly terminalId: string;
    readonly boot: string;
    readonly end: ChainEnd;
    readonly head: JournalHead | null;
    readonly keptHead?: KeptHead;
  }) {
    this.terminalId = parts.terminalId;
    this.boot = parts.boot;
    this.#database = parts.database;
    this.#signer = parts.signer;
    this.#clock = parts.clock;
    this.#keptHead = parts.keptHead ?? null;
    this.#end = parts.end;
    this.#head = parts.head;
  }

  get reader(): Database {
    return this.#database;
  }

  head(): JournalHead | null {
    return this.#head;
  }

  append(entry: Append): Promise<AppendReceipt> {
    return this.#mutex.withLock(() => this.#append(entry));
  }

  appendPlanned<E>(plan: () => Result<Append, E>): Promise<Result<AppendReceipt, E>> {
    return this.#mutex.withLock(async () => {
      const entry = plan();
      return entry.ok ? ok(await this.#append(entry.value)) : entry;
    });
  }

  checkpoint(): Promise<JournalHead | null> {
    return this.#mutex.withLock(async () => {
      if (this.#end.seq === (this.#head?.size ?? 0)) return this.#head;
      const head = await this.#sign(this.#end, this.#clock.now());
      this.#commit(() => storeCheckpoint(this.#database, head));
      this.#keep(head);
      return head;
    });
  }

  async stop(reason: string): Promise<void> {
    await this.#mutex.withLock(async () => {
      await this.#append({ events: [{ kind: 'core.stopped', reason }] });
      this.#refusal = 'stopped';
    });
  }

  async abandon(): Promise<void> {
    await this.#mutex.withLock(() => {
      this.#refusal ??= 'stopped';
      return Promise.resolve();
    });
  }

  size(): number {
    return this.#end.seq;
  }

  rows(from: number, to: number): JournalRow[] {
    const query = 'SELECT seq, body FROM rows WHERE seq BETWEEN ? AND ? ORDER BY seq';
    return this.#database
      .all(storedRow, query, from, to)
      .map(({ seq, body }) => parseRow(seq, body));
  }

  verify(anchors: readonly JournalHead[] = []): VerifyReport {
    return verifyJournal(this.#database, { publicKey: this.#signer.publicKey, anchors });
  }

  firstUnborne(heads: readonly JournalHead[]): JournalHead | null {
    return this.unborne(heads)[0] ?? null;
  }

  unborne(heads: readonly JournalHead[]): readonly JournalHead[] {
    const { publicKey } = this.#signer;
    const isOurs = (head: JournalHead): boolean =>
      head.terminalId === this.terminalId && headIsSignedBy(head, publicKey);
    return unborneHeads(this.#database, this.#end.seq, heads, isOurs);
  }

  onEnqueued(listener: () => void): () => void {
    return this.#emitter.on('enqueued', listener);
  }

  onAppended(listener: (rows: readonly JournalRow[]) => void): () => void {
    return this.#emitter.on('appended', listener);
  }

  async #append(entry: Append): Promise<AppendReceipt> {
    const isSomething = entry.events.length > 0 || entry.also !== undefined;
    assert(isSomething, 'an append holds an event, or changes what is beside the record');
    this.#refuseIfUnusable();
    const at = this.#clock.now();
    const mono = Math.floor(this.#clock.monotonicMs());
    const rows = this.#chain(entry.events.map(checkEvent), { at, mono });
    const end = rows.at(-1) ?? this.#end;
    const head = this.#wantsCheckpoint(entry, end) ? await this.#sign(end, at) : null;
    let enqueued = false;
    this.#commit(() => {
      for (const row of rows) {
        const insert = 'INSERT INTO rows (seq, body, hash) VALUES (?, ?, ?)';
        this.#database.run(insert, row.seq, row.body, row.hash);
        project(this.#database, { seq: row.seq, at }, row.event);
      }
      entry.also?.({
        seqs: rows.map(({ seq }) => seq),
        sql: this.#database,
        enqueue: (idempotencyKey, message) => {
          enqueue(this.#database, idempotencyKey, message, at);
          enqueued = true;
        },
        setAttemptDetail: (attemptId, detail) => {
          const update = 'UPDATE attempts SET detail_json = ? WHERE attempt_id = ?';
          const changed = this.#database.run(update, JSON.stringify(detail), attemptId);
          assert(changed === 1, `attempt ${attemptId} is unknown`);
        },
      });
      if (head !== null) storeCheckpoint(this.#database, head);
    });
    this.#end = end;
    if (head !== null) this.#keep(head);
    this.#announce(
      rows.map(({ seq, event }) => ({ seq, at, mono, event })),
      enqueued,
    );
    return { firstSeq: end.seq - rows.length + 1, lastSeq: end.seq, head };
  }

  #chain(
    events: readonly JournalEvent[],
    when: { readonly at: number; readonly mono: number },
  ): NewRow[] {
    let previous = this.#end;
    return events.map((event) => {
      const seq = previous.seq + 1;
      const body = bodyOfRow(event, when);
      const hash = hashOfRow(previous.hash, seq, Buffer.from(body, 'utf8'));
      previous = { seq, hash };
      return { seq, event, body, hash };
    });
  }

  #wantsCheckpoint(entry: Append, end: ChainEnd): boolean {
    const unsigned = end.seq - (this.#head?.size ?? 0);
    return (
      entry.checkpoint === true || unsigned >= MAX_UNSIGNED_ROWS || entry.events.some(mustSign)
    );
  }

  async #sign(end: ChainEnd, at: number): Promise<JournalHead> {
    const head = {
      terminalId: this.terminalId,
      size: end.seq,
      head: Buffer.from(end.hash).toString('hex'),
      at,
      algorithm: this.#signer.algorithm,
    };
    const signature = await this.#signatureOf(signedBytesOf(head));
    return { ...head, signature: Buffer.from(signature).toString('base64') };
  }

  async #signatureOf(bytes: Uint8Array): Promise<Uint8Array> {
    try {
      return await this.#signer.sign(bytes);
    } catch (cause) {
      if (!(cause instanceof SignerUnavailable)) throw cause;
      throw new JournalWriteError('signerUnavailable', { cause });
    }
  }

  #refuseIfUnusable(): void {
    if (this.#refusal !== null) throw new JournalWriteError(this.#refusal);
  }

  #commit(work: () => void): void {
    this.#refuseIfUnusable();
    try {
      this.#database.transaction(work);
    } catch (cause) {
      const fault = storageFaultOf(cause, this.#database.path);
      if (fault === null) throw cause;
      if (fault === 'diskFull') throw new JournalWriteError('diskFull', { cause });
      // After a failed flush nobody knows what the disk holds; going on could acknowledge a row twice.
      this.#refusal = 'ioError';
      throw new JournalWriteError('ioError', { cause });
    }
  }

  #keep(head: JournalHead): void {
    this.#head = head;
    this.#keptHead?.write(head);
  }

  /** In a turn of its own, so that a listener that fails cannot make a committed append look failed. */
  #announce(rows: readonly JournalRow[], enqueued: boolean): void {
    queueMicrotask(() => {
      this.#emitter.emit('appended', rows);
      if (enqueued) this.#emitter.emit('enqueued', null);
    });
  }
}

function checkEvent(event: JournalEvent): JournalEvent {
  const checked = journalEventSchema.safeParse(event);
  if (checked.success) return checked.data;
  // The values are left out: the very reason for a refusal may be that one of them is personal.
  const where = checked.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new InvariantError(`event ${event.kind} does not fit the catalogue at: ${where}`);
}
