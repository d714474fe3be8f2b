import { err, ok, type Result } from '../../src/base/result.ts';
import type { SimulatedEvolisPrinter } from './simulator.ts';
import type {
  ListedPrinter,
  OpenFault,
  OpenPrinter,
  TransferFault,
  UsbPrinterBus,
} from './transport.ts';

export const SIMULATED_PRINTER: ListedPrinter = {
  id: 'simulated-usb-1',
  vendorId: 0x0f49,
  productId: 0x0001,
  serialNumber: 'SPESIMEN0001',
};

export interface Plugged {
  readonly listed?: ListedPrinter;
  readonly printer: SimulatedEvolisPrinter;
  /** Another holds it. */
  readonly heldBy?: string;
}

/**
 * Simulates a USB bus with printers on it. Strict: a second opening throws. `silence` makes a printer take
 * bytes and say nothing; `babble` are bytes that it says in the place of its next answer.
 */
export class SimulatedUsbBus implements UsbPrinterBus {
  readonly #plugged = new Map<string, Plugged>();
  readonly #open = new Map<string, () => void>();
  silent = false;
  babble: Uint8Array | null = null;

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

  list(): Promise<readonly ListedPrinter[]> {
    return Promise.resolve(
      [...this.#plugged.values()].map(({ listed }) => listed ?? SIMULATED_PRINTER),
    );
  }

  open(id: string, onGone: () => void): Promise<Result<OpenPrinter, OpenFault>> {
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
            const said = printer.receive(bytes);
            const heard = said.length > 0 && this.babble !== null ? this.babble : said;
            if (heard !== said) this.babble = null;
            if (!this.silent) waiting = Buffer.concat([waiting, heard]);
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
}
