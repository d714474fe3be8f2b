import type { Clock, TimerHandle } from '../base/clock.ts';
import type { Result } from '../base/result.ts';
import type { BusInventory, BusInventoryError } from './bus-inventory.ts';
import type { Stranger } from './inventory-comparison.ts';

/** Late enough not to hold up the start of the devices themselves. */
export const FIRST_LOOK_MS = 5_000;
/** Reading the buses costs a process; a thing that nobody asked for is told within this time. */
export const LOOK_MS = 60_000;

export interface BusWatchParts {
  readonly clock: Clock;
  readonly look: () => Promise<Result<BusInventory, BusInventoryError>>;
  /** Told once each time that it comes, and opened by nobody. */
  readonly onStranger: (stranger: Stranger) => void;
  readonly onFailed: (error: BusInventoryError) => void;
}

/** Looks again and again for things on the buses that the configuration does not know. */
export class BusWatch {
  readonly #parts: BusWatchParts;
  #strangers: readonly Stranger[] = [];
  #timer: TimerHandle | null = null;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: BusWatchParts) {
    this.#parts = parts;
  }

  /** As last seen. A look that failed changes nothing of it. */
  get strangers(): readonly Stranger[] {
    return this.#strangers;
  }

  start(): void {
    this.#lookIn(FIRST_LOOK_MS);
  }

  /** Completes when the look under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#looking;
  }

  #lookIn(delayMs: number): void {
    this.#timer = this.#parts.clock.after(delayMs, () => {
      this.#looking = this.#look();
    });
  }

  async #look(): Promise<void> {
    const inventory = await this.#parts.look();
    if (this.#stopped) return;
    if (inventory.ok) {
      this.#take(inventory.value.lines.filter((line) => line.kind === 'unknown'));
    } else this.#parts.onFailed(inventory.error);
    this.#lookIn(LOOK_MS);
  }

  #take(strangers: readonly Stranger[]): void {
    const known = new Set(this.#strangers.map(identityOf));
    this.#strangers = strangers;
    for (const stranger of strangers) {
      if (!known.has(identityOf(stranger))) this.#parts.onStranger(stranger);
    }
  }
}

/** Another thing in the same port is news. */
const identityOf = ({ place, vendorId, productId, serialNumber }: Stranger): string =>
  JSON.stringify([place, vendorId, productId, serialNumber]);
