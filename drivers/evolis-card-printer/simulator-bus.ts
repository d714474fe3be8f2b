import { err, ok, type Result } from '../../src/base/result.ts';
import type { NoUsb, TransferFault } from '../usb/usb-interface.ts';
import type { SimulatedEvolisPrinter } from './simulator.ts';
import type {
  ListedPrinter,
  UsbOpenFault,
  OpenPrinter,
  UsbPrinterBus,
} from '../usb/usb-printer.ts';

export const SIMULATED_PRINTER: ListedPrinter = {
  id: 'simulated-usb-1',
  vendorId: 0x0f49,
  productId: 0x0001,
  serialNumber: 'SPESIMEN0001',
  port: '1-1',
};

export interface Plugged {
  readonly listed?: ListedPrinter;
  readonly printer: SimulatedEvolisPrinter;
  /** Another holds it. */
  readonly heldBy?: string;
}

/**
 * Simulates a USB bus with printers on it. Strict: a second opening throws. `silent` makes a printer take
 * bytes and say nothing; `babble` are bytes that it says in the place of its next answer. `withheld` answers
 * stay away until `release`, and come before those that follow.
 */
export class SimulatedUsbBus implements UsbPrinterBus {
  readonly #plugged = new Map<string, Plugged>();
  readonly #open = new Map<string, () => void>();
  /** This machine has no USB at all. */
  isMissing = false;
  silent = false;
  babble: Uint8Array | null = null;
  withheld = 0;
  #late: Uint8Array = new Uint8Array(0);
  #released = false;

  #stallsAfter: string | null = null;

  /** Takes nothing over any more once this command went through. */
  stallAfter(command: string): void {
    this.#stallsAfter = command;
  }

  /** Lets withheld answers come with the next one. */
  release(): void {
    this.#released = true;
  }

  plug(plugged: Plugged): void {
    this.#plugged.set((plugged.listed ?? SIMULATED_PRINTER).id, plugged);
  }

  unplug(id: string = SIMULATED_PRINTER.id): void {
    this.#plugged.delete(id);
    const gone = this.#open.get(id);
    this.#open.delete(id);
    gone?.();
  }

  isOpen(id: string = SIMULATED_PRINTER.id): boolean {
    return this.#open.has(id);
  }

  list(vendorId: number): Promise<Result<readonly ListedPrinter[], NoUsb>> {
    if (this.isMissing) return Promise.resolve(err('noBus'));
    const all = [...this.#plugged.values()].map(({ listed }) => listed ?? SIMULATED_PRINTER);
    return Promise.resolve(ok(all.filter((one) => one.vendorId === vendorId)));
  }

  open(id: string, onGone: () => void): Promise<Result<OpenPrinter, UsbOpenFault>> {
    if (this.#open.has(id)) throw new Error(`${id} is open already`);
    const plugged = this.#plugged.get(id);
    if (plugged === undefined) return Promise.resolve(err({ kind: 'absent' }));
    const { printer, heldBy } = plugged;
    if (heldBy !== undefined) return Promise.resolve(err({ kind: 'heldBy', holder: heldBy }));
    this.#open.set(id, onGone);
    let waiting: Uint8Array = new Uint8Array(0);
    const whileThere = <T>(
      work: () => Result<T, TransferFault>,
    ): Promise<Result<T, TransferFault>> =>
      Promise.resolve(this.#open.has(id) ? work() : err('gone'));
    return Promise.resolve(
      ok({
        write: (bytes) =>
          whileThere(() => {
            if (printer.busy || this.#stalls(printer)) return err('late');
            waiting = Buffer.concat([waiting, this.#heard(printer.receive(bytes))]);
            return ok(undefined);
          }),
        read: () =>
          whileThere(() => {
            if (waiting.length === 0) return err('late');
            const read = waiting;
            waiting = new Uint8Array(0);
            return ok(read);
          }),
        portStatus: () => whileThere(() => ok(printer.portStatus)),
        deviceId: () => whileThere(() => ok(printer.deviceId)),
        close: () => {
          this.#open.delete(id);
          return Promise.resolve();
        },
      }),
    );
  }

  #stalls({ commands }: SimulatedEvolisPrinter): boolean {
    return this.#stallsAfter !== null && commands.at(-1) === this.#stallsAfter;
  }

  /** What comes over of an answer, now. */
  #heard(said: Uint8Array): Uint8Array {
    if (said.length === 0 || this.silent) return new Uint8Array(0);
    if (this.withheld > 0) {
      this.withheld -= 1;
      this.#late = Buffer.concat([this.#late, said]);
      return new Uint8Array(0);
    }
    const heard = Buffer.concat([this.#released ? this.#late : Buffer.of(), this.babble ?? said]);
    if (this.#released) this.#late = new Uint8Array(0);
    this.babble = null;
    return heard;
  }
}
