import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import type { Result } from '../../src/base/result.ts';
import { ONLINE } from './status-teller.ts';
import type { CommonStatus } from './words.ts';

/** How long to wait before a device is looked for again: doubled from the first to the last. */
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

export interface OpenDevice {
  close(): Promise<void>;
}

export interface KeptOpenParts {
  readonly clock: Clock;
  /** Tries once; the error is the status of a device that is not there. `lost` is called when it goes away. */
  readonly open: (
    lost: (status: CommonStatus) => void,
  ) => Promise<Result<OpenDevice, CommonStatus>>;
  readonly say: (status: CommonStatus) => void;
}

/** Keeps one device open that may be absent, or be pulled out and come back at any time. */
export class KeptOpen {
  readonly #parts: KeptOpenParts;
  #device: OpenDevice | null = null;
  #retry: TimerHandle | null = null;
  #retryMs = FIRST_RETRY_MS;
  #opening: Promise<void> = Promise.resolve();
  /** Of the device that was lost, until the next is opened. */
  #closing: Promise<void> | null = null;
  #stopped = false;

  constructor(parts: KeptOpenParts) {
    this.#parts = parts;
  }

  /** Completes when the device was looked for once, found or not; it is looked for again until `stop`. */
  start(): Promise<void> {
    this.#opening = this.#open();
    return this.#opening;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    await this.#opening;
    this.#close();
    await this.#closing;
  }

  /** A device is lost once an opening, whoever tells first: the opening that failed or the bus. */
  async #open(): Promise<void> {
    // What is still held would keep us from it.
    if (this.#closing !== null) await this.#closing;
    this.#closing = null;
    const went: { as: CommonStatus | null; isOpen: boolean } = { as: null, isOpen: false };
    const opened = await this.#parts.open((status) => {
      if (went.as !== null) return;
      went.as = status;
      if (went.isOpen) this.#lost(status);
    });
    if (!opened.ok) {
      went.as = opened.error;
      this.#lost(opened.error);
      return;
    }
    if (went.as !== null) {
      await opened.value.close();
      this.#lost(went.as);
      return;
    }
    went.isOpen = true;
    this.#device = opened.value;
    this.#retryMs = FIRST_RETRY_MS;
    this.#parts.say(ONLINE);
  }

  /** A lost device still holds what was claimed for it, and perhaps a read under way. */
  #lost(status: CommonStatus): void {
    this.#close();
    if (this.#stopped) return;
    this.#parts.say(status);
    this.#retry = this.#parts.clock.after(this.#retryMs, () => void this.start());
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #close(): void {
    const device = this.#device;
    this.#device = null;
    if (device !== null) this.#closing = device.close();
  }
}
