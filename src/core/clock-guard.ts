import * as z from 'zod';
import type { Clock, TimerHandle } from '../base/clock.ts';
import type { JournalEvent } from '../journal/catalogue.ts';
import type { SqlReader } from '../store/sql.ts';

/** A clock that is off by more stamps what happens with another time than people would find it under. */
export const MAX_OFF_MS = 5 * 60_000;
/** How often it is looked at; a jump is noticed at the latest after this. */
const LOOK_MS = 10_000;
/** A step that is told but does no harm, such as a correction over the network. */
const TOLD_FROM_MS = 5_000;
/** No terminal of this program ever ran before: a clock that says so lost its battery. */
const FIRST_POSSIBLE_MS = Date.UTC(2026, 0, 1);
/** How far back the record is asked for the newest time it knows. */
const ROWS_ASKED = 2_000;

type Distrust = Extract<JournalEvent, { kind: 'clock.distrusted' }>['reason'];

/** A moment that is believed, on the wall and on the monotonic clock. */
interface Fix {
  readonly wallMs: number;
  readonly monoMs: number;
  readonly by: 'start' | 'registry';
}

/**
 * Says whether the wall clock can be right. It is held against the newest row of the record at start,
 * then against time that went by, and against the registry's clock wherever that answers. More than five
 * minutes off: it is on record, nobody is served, and service goes on by itself once it is right again.
 */
export class ClockGuard {
  readonly #clock: Clock;
  readonly #record: (events: readonly JournalEvent[]) => Promise<void>;
  readonly #floorMs: number;
  #fix: Fix | null = null;
  #distrust: Distrust | null = null;
  #told = 0;
  #timer: TimerHandle | null = null;
  #recording: Promise<void> = Promise.resolve();
  #onChanged: () => void = () => undefined;
  #fatal: (cause: unknown) => void = () => undefined;

  constructor(parts: {
    readonly clock: Clock;
    readonly record: (events: readonly JournalEvent[]) => Promise<void>;
    /** The newest time that the record knows; 0 where it is empty. */
    readonly recordedMs: number;
  }) {
    this.#clock = parts.clock;
    this.#record = parts.record;
    this.#floorMs = Math.max(parts.recordedMs - MAX_OFF_MS, FIRST_POSSIBLE_MS);
    this.#look();
  }

  trusted(): boolean {
    return this.#distrust === null;
  }

  /**
   * Whether the registry bore the wall clock out since the start, and it is right still. `trusted` alone
   * says nothing of a clock that was set ahead before the start.
   */
  confirmed(): boolean {
    const isRight = this.trusted() && this.#judge(this.#clock.now()).reason === null;
    return isRight && this.#fix?.by === 'registry';
  }

  /** Looks every ten seconds from now on; `onChanged` is called when its answer changed. */
  start(onChanged: () => void, fatal: (cause: unknown) => void): void {
    this.#onChanged = onChanged;
    this.#fatal = fatal;
    this.#recording.catch(fatal);
    this.#wait();
  }

  /** Completes when what it said last is on record. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    await this.#recording;
  }

  /** What the registry's clock said just now, in milliseconds since the Unix epoch. */
  noteRegistryTime(wallMs: number): void {
    this.#fix = { wallMs, monoMs: this.#clock.monotonicMs(), by: 'registry' };
    this.#look();
  }

  #wait(): void {
    this.#timer = this.#clock.after(LOOK_MS, () => {
      this.#look();
      this.#wait();
    });
  }

  #look(): void {
    const now = this.#clock.now();
    const { reason, offMs } = this.#judge(now);
    if (reason !== null && this.#distrust === null) {
      this.#say({ kind: 'clock.distrusted', reason, offMs });
    } else if (reason === null && this.#distrust !== null) {
      this.#say({ kind: 'clock.trusted', offMs });
    } else if (reason === null && Math.abs(offMs - this.#told) >= TOLD_FROM_MS) {
      this.#say({ kind: 'clock.jumped', byMs: offMs - this.#told });
    }
    this.#told = offMs;
    const changed = (reason === null) !== (this.#distrust === null);
    this.#distrust = reason;
    if (reason === null) this.#fix ??= this.#fixAt(now);
    if (changed) this.#onChanged();
  }

  #judge(now: number): { readonly reason: Distrust | null; readonly offMs: number } {
    const fix = this.#fix;
    if (fix === null) {
      const behind = now < this.#floorMs;
      return { reason: behind ? 'behindRecord' : null, offMs: behind ? now - this.#floorMs : 0 };
    }
    const offMs = Math.round(now - fix.wallMs - (this.#clock.monotonicMs() - fix.monoMs));
    if (Math.abs(offMs) <= MAX_OFF_MS) return { reason: null, offMs };
    return { reason: fix.by === 'registry' ? 'apartFromRegistry' : 'jumped', offMs };
  }

  #fixAt(wallMs: number): Fix {
    return { wallMs, monoMs: this.#clock.monotonicMs(), by: 'start' };
  }

  #say(event: JournalEvent): void {
    this.#recording = this.#recording.then(() => this.#record([event]));
    this.#recording.catch((cause: unknown) => this.#fatal(cause));
  }
}

const newestTime = z.strictObject({ at_ms: z.number().int().nullable() });

/** The newest wall time among the last rows; 0 where there is none. */
export const newestRecordedMs = (sql: SqlReader, size: number): number =>
  sql.get(newestTime, 'SELECT max(at_ms) AS at_ms FROM rows WHERE seq > ?', size - ROWS_ASKED)
    ?.at_ms ?? 0;
