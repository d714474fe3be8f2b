import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { BulkPipe } from './bulk-pipes.ts';
import type { NoUsb, TransferFault } from './usb-interface.ts';
import type { ListedPrinter, OpenPrinter, UsbOpenFault, UsbPrinterBus } from './usb-printer.ts';

export interface PluggedPrinter<P> {
  /** As it is listed, where it is not the one that the bus is for. */
  readonly listed?: ListedPrinter;
  readonly printer: P;
  /** Another holds it. */
  readonly heldBy?: string;
}

/** A simulated printer as its port has it. */
export interface FarEnd {
  receive(bytes: Uint8Array): void;
  /** It takes nothing over for now. */
  readonly isFull: boolean;
  /** Null refuses the request. */
  readonly portStatus: number | null;
  readonly deviceId: string | null;
}

export interface SimulatedBusParts<P> {
  readonly clock: Clock;
  readonly listed: ListedPrinter;
  /** What it says goes to `say`, from the opening on. */
  readonly farEndOf: (printer: P, say: (bytes: Uint8Array) => void) => FarEnd;
  /** It was pulled out. */
  readonly lostPower?: (printer: P) => void;
}

interface Device<P> extends PluggedPrinter<P> {
  /** A claim does not clear them. */
  readonly halted: Set<BulkPipe>;
  leavesAtFirstTransfer: boolean;
}

interface Opening {
  readonly onGone: () => void;
  waiting: Buffer;
  readonly wake: Set<() => void>;
}

/**
 * Simulates a USB bus with printers on it. Strict: a second opening throws, and so do two transfers at once on a
 * pipe. A transfer that is late takes its time.
 */
export class SimulatedPrinterBus<P> implements UsbPrinterBus {
  /** Nothing can be listed, for this reason. */
  unlisted: NoUsb | null = null;
  readonly #with: SimulatedBusParts<P>;
  readonly #plugged = new Map<string, Device<P>>();
  readonly #open = new Map<string, Opening>();

  constructor(parts: SimulatedBusParts<P>) {
    this.#with = parts;
  }

  plug(plugged: PluggedPrinter<P>): void {
    const id = (plugged.listed ?? this.#with.listed).id;
    this.#plugged.set(id, { ...plugged, halted: new Set(), leavesAtFirstTransfer: false });
  }

  unplug(id = this.#with.listed.id): void {
    this.#leave(id)?.onGone();
  }

  /** As `unplug`, but the bus tells nobody. */
  vanish(id = this.#with.listed.id): void {
    this.#leave(id);
  }

  /** It lets itself be claimed, and is gone when the first transfer comes; the bus tells nobody. */
  unplugOnFirstTransfer(id = this.#with.listed.id): void {
    this.#deviceOf(id).leavesAtFirstTransfer = true;
  }

  /** The pipe refuses all until it is cleared. */
  halt(pipe: BulkPipe, id = this.#with.listed.id): void {
    this.#deviceOf(id).halted.add(pipe);
    this.#wake(id);
  }

  /** Something that a transfer waits for may have changed. */
  protected lookAgain(): void {
    for (const id of this.#open.keys()) this.#wake(id);
  }

  isOpen(id = this.#with.listed.id): boolean {
    return this.#open.has(id);
  }

  list(vendorId: number): Promise<Result<readonly ListedPrinter[], NoUsb>> {
    if (this.unlisted !== null) return Promise.resolve(err(this.unlisted));
    const all = [...this.#plugged.values()].map(({ listed }) => listed ?? this.#with.listed);
    return Promise.resolve(ok(all.filter((one) => one.vendorId === vendorId)));
  }

  open(id: string, onGone: () => void): Promise<Result<OpenPrinter, UsbOpenFault>> {
    if (this.#open.has(id)) throw new Error(`${id} is open already`);
    const device = this.#plugged.get(id);
    if (device === undefined) return Promise.resolve(err({ kind: 'absent' }));
    const { heldBy } = device;
    if (heldBy !== undefined) return Promise.resolve(err({ kind: 'heldBy', holder: heldBy }));
    const opening: Opening = { onGone, waiting: Buffer.alloc(0), wake: new Set() };
    this.#open.set(id, opening);
    return Promise.resolve(ok(this.#opened(id, device, opening)));
  }

  #opened(id: string, device: Device<P>, opening: Opening): OpenPrinter {
    const farEnd = this.#with.farEndOf(device.printer, (bytes) => {
      opening.waiting = Buffer.concat([opening.waiting, bytes]);
      for (const wake of [...opening.wake]) wake();
    });
    const isThere = (): boolean => {
      if (device.leavesAtFirstTransfer) {
        device.leavesAtFirstTransfer = false;
        this.vanish(id);
      }
      return this.#open.get(id) === opening;
    };
    const busy = new Set<BulkPipe>();
    const transfer = async <T>(
      pipe: BulkPipe,
      timeoutMs: number,
      take: () => T | null,
    ): Promise<Result<T, TransferFault>> => {
      if (busy.has(pipe)) throw new Error(`two transfers at once on the ${pipe} pipe`);
      busy.add(pipe);
      const look = (): Result<T, TransferFault> | null => {
        if (!isThere()) return err('gone');
        if (device.halted.has(pipe)) return err('stalled');
        const taken = take();
        return taken === null ? null : ok(taken);
      };
      const done = look() ?? (await this.#within(timeoutMs, opening, look));
      busy.delete(pipe);
      return done;
    };
    const control = <T>(answer: () => T | null): Promise<Result<T, TransferFault>> => {
      if (!isThere()) return Promise.resolve(err('gone'));
      const said = answer();
      return Promise.resolve(said === null ? err('stalled') : ok(said));
    };
    return {
      write: async (bytes, timeoutMs) => {
        const taken = await transfer('out', timeoutMs, () => (farEnd.isFull ? null : bytes));
        if (!taken.ok) return taken;
        farEnd.receive(taken.value);
        return ok(undefined);
      },
      read: (timeoutMs) =>
        transfer('in', timeoutMs, () => {
          const { waiting } = opening;
          opening.waiting = Buffer.alloc(0);
          return waiting.length === 0 ? null : waiting;
        }),
      clearHalt: (pipe) => {
        device.halted.delete(pipe);
        return Promise.resolve();
      },
      portStatus: () => control(() => farEnd.portStatus),
      deviceId: () => control(() => farEnd.deviceId),
      close: () => {
        if (this.#open.get(id) === opening) this.#open.delete(id);
        return Promise.resolve();
      },
    };
  }

  #within<T>(
    ms: number,
    { wake }: Opening,
    look: () => Result<T, TransferFault> | null,
  ): Promise<Result<T, TransferFault>> {
    return new Promise((resolve) => {
      const finish = (done: Result<T, TransferFault>): void => {
        timer.cancel();
        wake.delete(again);
        resolve(done);
      };
      const again = (): void => {
        const done = look();
        if (done !== null) finish(done);
      };
      const timer = this.#with.clock.after(ms, () => finish(look() ?? err('late')));
      wake.add(again);
    });
  }

  #leave(id: string): Opening | undefined {
    const device = this.#plugged.get(id);
    const opening = this.#open.get(id);
    this.#plugged.delete(id);
    this.#open.delete(id);
    for (const wake of [...(opening?.wake ?? [])]) wake();
    if (device !== undefined) this.#with.lostPower?.(device.printer);
    return opening;
  }

  #wake(id: string): void {
    for (const wake of [...(this.#open.get(id)?.wake ?? [])]) wake();
  }

  #deviceOf(id: string): Device<P> {
    const device = this.#plugged.get(id);
    if (device === undefined) throw new Error(`${id} is not plugged in`);
    return device;
  }
}
