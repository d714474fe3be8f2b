import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import * as z from 'zod';
import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import { cardPrinterMoveSchema } from '../simulated-card-printer/moves.ts';
import { motorReaderMoveSchema } from '../simulated-motor-card-reader/moves.ts';

const cabinetMoveSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('cardTapped'), uidHex: z.string() }),
  z.strictObject({ type: z.literal('cardUntapped') }),
  z.strictObject({
    type: z.literal('codeScanned'),
    bytes: z.number().int(),
    sha256: z.string(),
  }),
  z.strictObject({ type: z.literal('paperTaken'), documents: z.array(z.string()) }),
  z.strictObject({ type: z.literal('doorOpened') }),
  z.strictObject({ type: z.literal('doorClosed') }),
  z.strictObject({ type: z.literal('powerCut') }),
  z.strictObject({ type: z.literal('powerRestored') }),
  z.strictObject({ type: z.literal('scannerUnplugged') }),
  z.strictObject({ type: z.literal('scannerPlugged') }),
  /** A driver said something that the device does not understand: a bug, and a failed test. */
  z.strictObject({ type: z.literal('protocolViolation'), device: z.string(), reason: z.string() }),
]);

export const moveSchema = z.union([
  cardPrinterMoveSchema,
  motorReaderMoveSchema,
  cabinetMoveSchema,
]);
export type Move = z.infer<typeof moveSchema>;
export type MoveType = Move['type'];

/** `seq` counts from 1 without gaps; `at` is the wall clock in milliseconds. */
export type RecordEntry = { readonly seq: number; readonly at: number } & Move;

const lineSchema = z
  .looseObject({ seq: z.number().int().positive(), at: z.number().int() })
  .transform(({ seq, at, ...move }): RecordEntry => ({ seq, at, ...moveSchema.parse(move) }));

interface Waiter {
  readonly after: number;
  readonly types: readonly string[];
  readonly settle: (entry: RecordEntry | null) => void;
  readonly timer: TimerHandle;
}

/**
 * The cabinet's own memory of what physically moved: one JSON line a movement, appended and fsynced
 * when the movement ends. It shares nothing with core's journal, which is compared against it.
 */
export class PhysicalRecord {
  readonly #clock: Clock;
  readonly #file: number;
  readonly #entries: RecordEntry[];
  #waiters: Waiter[] = [];

  /** Opens the record of earlier runs too. A last line that a kill cut short never happened and is removed. */
  constructor(path: string, clock: Clock) {
    this.#clock = clock;
    this.#file = openSync(path, 'a+');
    const bytes = readFileSync(path);
    const whole = bytes.lastIndexOf(10) + 1;
    if (whole < bytes.length) ftruncateSync(this.#file, whole);
    this.#entries = bytes
      .subarray(0, whole)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => lineSchema.parse(JSON.parse(line)));
  }

  /** Durable when it returns. */
  append(move: Move): RecordEntry {
    const entry: RecordEntry = { seq: this.#entries.length + 1, at: this.#clock.now(), ...move };
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#file);
    this.#entries.push(entry);
    const met = this.#waiters.filter((waiter) => answers(entry, waiter));
    this.#waiters = this.#waiters.filter((waiter) => !met.includes(waiter));
    for (const waiter of met) {
      waiter.timer.cancel();
      waiter.settle(entry);
    }
    return entry;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Entries with a `seq` greater than `after`. */
  since(after: number): readonly RecordEntry[] {
    return this.#entries.slice(after);
  }

  /** The first entry after `after` of one of the types (of any type if none is named), or null when time runs out. */
  next(after: number, types: readonly string[], timeoutMs: number): Promise<RecordEntry | null> {
    const there = this.since(after).find((entry) => answers(entry, { after, types }));
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((settle) => {
      const timer = this.#clock.after(timeoutMs, () => {
        this.#waiters = this.#waiters.filter((waiter) => waiter.settle !== settle);
        settle(null);
      });
      this.#waiters.push({ after, types, settle, timer });
    });
  }

  close(): void {
    for (const waiter of this.#waiters) {
      waiter.timer.cancel();
      waiter.settle(null);
    }
    this.#waiters = [];
    closeSync(this.#file);
  }
}

const answers = (entry: RecordEntry, wish: { after: number; types: readonly string[] }): boolean =>
  entry.seq > wish.after && (wish.types.length === 0 || wish.types.includes(entry.type));
