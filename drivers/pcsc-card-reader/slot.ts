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
  #reader: Reader | undefined;
  #state: SlotState = 'absent';
  #connection: CardConnection | undefined;

  constructor(pattern: RegExp, clock: Clock, changed: () => void) {
    this.#pattern = pattern;
    this.#clock = clock;
    this.#changed = changed;
  }

  get state(): SlotState {
    return this.#state;
  }

  /** Takes the reader if its name fits and none is taken yet; says whether it did. */
  offer(reader: Reader, pcsc: PcscLibrary): boolean {
    if (this.#reader !== undefined || !this.#pattern.test(reader.name())) return false;
    this.#reader = reader;
    reader.on('change', (status) => this.#become(slotStateOf(status, pcsc)));
    reader.on('disconnect', () => this.lose());
    return true;
  }

  /** The reader or its daemon went away. */
  lose(): void {
    this.#reader = undefined;
    this.#become('absent');
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
