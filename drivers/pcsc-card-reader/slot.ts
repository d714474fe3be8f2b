import type { Reader, ReaderStatusFlags } from 'pcsc-mini';
import type { Clock } from '../../src/base/clock.ts';
import { err, type Result } from '../../src/base/result.ts';
import { CardConnection, type OpenError, type SlotWatch } from './card-connection.ts';
import type { PcscLibrary } from './pcsc-library.ts';

/** `absent`: no reader of that name. `mute`: something is in the slot and did not answer to reset. */
export type SlotState = 'absent' | 'empty' | 'mute' | 'present';

/** One reader of the daemon, followed by its name through unplugging and daemon restarts. */
export class Slot implements SlotWatch {
  readonly #pattern: RegExp;
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #emptyWaiters = new Set<() => void>();
  /** All whose name fits, with what is in each; only one alone is used. */
  readonly #fitting = new Map<Reader, SlotState>();
  #reader: Reader | undefined;
  #state: SlotState = 'absent';
  #connection: CardConnection | undefined;
  #toldOfSeveral = false;

  constructor(pattern: RegExp, clock: Clock, changed: () => void) {
    this.#pattern = pattern;
    this.#clock = clock;
    this.#changed = changed;
  }

  get state(): SlotState {
    return this.#state;
  }

  /** More than one reader has such a name: pcscd numbers those that are alike, in the order of their plugging. */
  get isOneOfSeveral(): boolean {
    return this.#fitting.size > 1;
  }

  /** Follows the reader if its name fits; says whether it does. */
  offer(reader: Reader, pcsc: PcscLibrary): boolean {
    if (!this.#pattern.test(reader.name())) return false;
    this.#fitting.set(reader, 'absent');
    reader.on('change', (status) => {
      if (this.#fitting.has(reader)) this.#fitting.set(reader, slotStateOf(status, pcsc));
      this.#choose();
    });
    reader.on('disconnect', () => {
      this.#fitting.delete(reader);
      this.#choose();
    });
    this.#choose();
    return true;
  }

  /** The daemon went away, and every reader with it. */
  lose(): void {
    this.#fitting.clear();
    this.#choose();
  }

  /** Of several none is taken: a card would be read in the wrong one. */
  #choose(): void {
    const [only] = this.isOneOfSeveral ? [] : [...this.#fitting];
    this.#reader = only?.[0];
    this.#become(only?.[1] ?? 'absent');
    this.#tellOfSeveral();
  }

  isEmpty(): boolean {
    return this.#state === 'empty' || this.#state === 'absent';
  }

  untilEmpty(timeoutMs: number): Promise<boolean> {
    if (this.isEmpty()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (empty: boolean): void => {
        timer.cancel();
        this.#emptyWaiters.delete(onEmpty);
        resolve(empty);
      };
      const onEmpty = (): void => finish(true);
      const timer = this.#clock.after(timeoutMs, () => finish(false));
      this.#emptyWaiters.add(onEmpty);
    });
  }

  /** Connects to the card in the slot so that no other process can talk to it meanwhile. */
  async open(pcsc: PcscLibrary): Promise<Result<CardConnection, OpenError>> {
    if (this.#reader === undefined) return err({ kind: 'readerGone' });
    // Our own unanswered command still holds the slot; the card is as silent as before.
    if (this.#connection?.unanswered === true) return err({ kind: 'cardSilent' });
    const opened = await CardConnection.open(pcsc, this.#reader, this, this.#clock);
    if (opened.ok) this.#connection = opened.value;
    return opened;
  }

  #tellOfSeveral(): void {
    if (this.#toldOfSeveral === this.isOneOfSeveral) return;
    this.#toldOfSeveral = this.isOneOfSeveral;
    this.#changed();
  }

  #become(state: SlotState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (this.isEmpty()) for (const wake of [...this.#emptyWaiters]) wake();
    this.#changed();
  }
}

function slotStateOf(status: ReaderStatusFlags, pcsc: PcscLibrary): SlotState {
  if (!status.has(pcsc.ReaderStatus.PRESENT)) return 'empty';
  return status.has(pcsc.ReaderStatus.MUTE) ? 'mute' : 'present';
}
