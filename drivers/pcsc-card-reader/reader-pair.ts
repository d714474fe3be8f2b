import type { Client } from 'pcsc-mini';
import * as z from 'zod';
import { systemClock, type Clock, type TimerHandle } from '../../src/base/clock.ts';
import { Emitter } from '../../src/base/emitter.ts';
import { err, type Result } from '../../src/base/result.ts';
import { namePatternSchema } from '../contract/name-pattern.ts';
import type { CommonStatus } from '../contract/words.ts';
import type { CardConnection, OpenError } from './card-connection.ts';
import { loadPcscLibrary, pcscCodeOf, type PcscLibrary } from './pcsc-library.ts';
import { Slot, type SlotState } from './slot.ts';

const RETRY_MS = 1_000;
/** The daemon lists its readers within milliseconds; one that is not listed by then is not there. */
const FIRST_LOOK_MS = 1_000;
/**
 * After each change the binding's thread lists the readers and waits anew. Cancelled between the two, it
 * waits for the next change all the same and holds the context that `stop` needs, and with it the whole
 * process (pcsc-lite: SCardCancel ends a wait that is under way and no later one). So nothing is stopped
 * that told of a change a moment ago; the thread needs a millisecond or two.
 */
const WAITS_AGAIN_MS = 200;

export const pcscReaderPairOptionsSchema = z.strictObject({
  /** Regular expression for the PC/SC name of the reader that takes the citizen's card. */
  readerPattern: namePatternSchema,
  /** The same for the SAM's slot; null where none is fitted. */
  samPattern: namePatternSchema.nullable(),
  /** Socket of the PC/SC daemon, where it is not the system's own. */
  csockName: z.string().min(1).nullable().default(null),
});
export type PcscReaderPairOptions = z.infer<typeof pcscReaderPairOptionsSchema>;

const SERVICE_DOWN: CommonStatus = {
  state: 'offline',
  reasons: ['pcscServiceDown'],
  requiredAction: 'maintenance',
};

const TWO_ALIKE: CommonStatus = {
  state: 'userError',
  reasons: ['twoAlike'],
  requiredAction: 'configuration',
};

export interface ReaderPairState {
  /** Why a slot cannot be used: the daemon is away, or its pattern fits several readers; null where neither is so. */
  readonly trouble: CommonStatus | null;
  readonly samTrouble: CommonStatus | null;
  readonly card: SlotState;
  readonly sam: SlotState | 'notFitted';
}

/**
 * Clients whose daemon died under them, one a death. Collecting such a client would end the process,
 * because the binding's finalizer throws when the daemon no longer knows it; so none is collected.
 */
const strandedClients: Client[] = [];

/**
 * The card slot and the SAM slot of one terminal over PC/SC. Looks for the daemon every second while
 * it is away, and for readers as they come and go; `changed` tells every change of the state.
 */
export class PcscReaderPair {
  readonly events = new Emitter<{ changed: ReaderPairState }>();
  readonly #csockName: string | null;
  readonly #clock: Clock;
  readonly #card: Slot;
  readonly #sam: Slot | undefined;
  #isServing = false;
  #pcsc: PcscLibrary | undefined;
  #client: Client | undefined;
  #timer: TimerHandle | undefined;
  /** Ends the wait for the first list of readers, while there is one. */
  #endListing: (() => void) | undefined;
  #stopped = false;
  #changedAtMs = -Infinity;

  constructor(options: PcscReaderPairOptions, clock: Clock = systemClock) {
    this.#csockName = options.csockName;
    this.#clock = clock;
    const changed = (): void => this.#onSlotChange();
    this.#card = new Slot(new RegExp(options.readerPattern), clock, changed);
    this.#sam =
      options.samPattern === null
        ? undefined
        : new Slot(new RegExp(options.samPattern), clock, changed);
  }

  state(): ReaderPairState {
    return {
      trouble: this.#troubleOf(this.#card),
      samTrouble: this.#troubleOf(this.#sam),
      card: this.#card.state,
      sam: this.#sam === undefined ? 'notFitted' : this.#sam.state,
    };
  }

  #troubleOf(slot: Slot | undefined): CommonStatus | null {
    if (!this.#isServing) return SERVICE_DOWN;
    return slot?.isOneOfSeveral === true ? TWO_ALIKE : null;
  }

  /** Completes when daemon and readers were looked for once, found or not. */
  async start(): Promise<void> {
    this.#pcsc = await loadPcscLibrary(this.#csockName);
    await this.#attach(this.#pcsc);
  }

  /** Completes when nothing of the daemon is held any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#untilMonitorWaits();
    this.#lose();
  }

  async #untilMonitorWaits(): Promise<void> {
    for (;;) {
      const leftMs = this.#changedAtMs + WAITS_AGAIN_MS - this.#clock.monotonicMs();
      if (leftMs <= 0) return;
      await new Promise<void>((resolve) => void this.#clock.after(leftMs, resolve));
    }
  }

  openCard(): Promise<Result<CardConnection, OpenError>> {
    return this.#open(this.#card);
  }

  openSam(): Promise<Result<CardConnection, OpenError>> {
    return this.#open(this.#sam);
  }

  #open(slot: Slot | undefined): Promise<Result<CardConnection, OpenError>> {
    if (this.#pcsc === undefined || slot === undefined) {
      return Promise.resolve(err({ kind: 'readerGone' }));
    }
    return slot.open(this.#pcsc);
  }

  /** Completes when the readers are listed, or when it is clear that they will not be. */
  #attach(pcsc: PcscLibrary): Promise<void> {
    const client = new pcsc.Client();
    client.on('reader', (reader) => {
      const toldOfChange = (): void => void (this.#changedAtMs = this.#clock.monotonicMs());
      reader.on('change', toldOfChange).on('disconnect', toldOfChange);
      // The SAM first, as its name often begins like the reader's; what fits it is never the card's.
      if (this.#sam?.offer(reader, pcsc) === true) return;
      this.#card.offer(reader, pcsc);
    });
    // A client whose daemon died never works again, so the next try has a new one.
    client.on('error', () => {
      if (this.#client === client) this.#retryLater(pcsc);
    });
    try {
      client.start();
    } catch (error) {
      pcscCodeOf(error);
      this.#retryLater(pcsc);
      return Promise.resolve();
    }
    this.#client = client;
    return new Promise((resolve) => {
      this.#endListing = resolve;
      this.#timer = this.#clock.after(FIRST_LOOK_MS, () => this.#onListed());
    });
  }

  /** The service counts as up when its readers are known, not before: no false alarm between. */
  #onListed(): void {
    this.#timer?.cancel();
    this.#isServing = true;
    this.events.emit('changed', this.state());
    this.#endListing?.();
    this.#endListing = undefined;
  }

  #onSlotChange(): void {
    if (this.#isServing) this.events.emit('changed', this.state());
    else if (this.#endListing !== undefined && this.#allFound()) this.#onListed();
  }

  #allFound(): boolean {
    return this.#card.state !== 'absent' && this.#sam?.state !== 'absent';
  }

  #retryLater(pcsc: PcscLibrary): void {
    this.#lose();
    if (!this.#stopped) this.#timer = this.#clock.after(RETRY_MS, () => void this.#attach(pcsc));
  }

  #lose(): void {
    this.#timer?.cancel();
    const client = this.#client;
    this.#client = undefined;
    const wasUp = this.#isServing;
    this.#isServing = false;
    this.#card.lose();
    this.#sam?.lose();
    if (client !== undefined) stopClient(client);
    this.#endListing?.();
    this.#endListing = undefined;
    if (wasUp) this.events.emit('changed', this.state());
  }
}

function stopClient(client: Client): void {
  try {
    client.stop();
  } catch (error) {
    // The daemon's death also ended what this was to end.
    pcscCodeOf(error);
    strandedClients.push(client);
  }
}
