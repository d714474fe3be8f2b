import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { TransferFault } from '../usb/usb-interface.ts';
import type {
  ListedPrinter,
  OpenPrinter,
  UsbOpenFault,
  UsbPrinterBus,
} from '../usb/usb-printer.ts';
import type { SimulatedReceiptPrinter } from './simulator.ts';

export const SIMULATED_RECEIPT_PRINTER: ListedPrinter = {
  id: 'simulated-usb-1',
  vendorId: 0x04b8,
  productId: 0x0e28,
  serialNumber: 'SPESIMEN0001',
  port: '1-4.1',
};

export interface PluggedReceiptPrinter {
  readonly listed?: ListedPrinter;
  readonly printer: SimulatedReceiptPrinter;
  /** Another holds it. */
  readonly heldBy?: string;
}

interface Pipe {
  readonly onGone: () => void;
  waiting: Buffer;
  wake: () => void;
}

/** Simulates a USB bus with receipt printers on it. Strict: a second opening throws, and two transfers at once of a pipe. */
export class SimulatedReceiptPrinterBus implements UsbPrinterBus {
  readonly #clock: Clock;
  readonly #plugged = new Map<string, PluggedReceiptPrinter>();
  readonly #open = new Map<string, Pipe>();
  /** The machine has no USB at all. */
  isMissing = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  plug(plugged: PluggedReceiptPrinter): void {
    this.#plugged.set((plugged.listed ?? SIMULATED_RECEIPT_PRINTER).id, plugged);
  }

  unplug(id: string = SIMULATED_RECEIPT_PRINTER.id): void {
    this.#plugged.get(id)?.printer.restart();
    this.#plugged.delete(id);
    const gone = this.#open.get(id);
    this.#open.delete(id);
    gone?.wake();
    gone?.onGone();
  }

  isOpen(id: string = SIMULATED_RECEIPT_PRINTER.id): boolean {
    return this.#open.has(id);
  }

  list(vendorId: number): Promise<Result<readonly ListedPrinter[], 'noBus'>> {
    if (this.isMissing) return Promise.resolve(err('noBus'));
    const all = [...this.#plugged.values()].map(
      ({ listed }) => listed ?? SIMULATED_RECEIPT_PRINTER,
    );
    return Promise.resolve(ok(all.filter((one) => one.vendorId === vendorId)));
  }

  open(id: string, onGone: () => void): Promise<Result<OpenPrinter, UsbOpenFault>> {
    if (this.#open.has(id)) throw new Error(`${id} is open already`);
    const plugged = this.#plugged.get(id);
    if (plugged === undefined) return Promise.resolve(err({ kind: 'absent' }));
    if (plugged.heldBy !== undefined) {
      return Promise.resolve(err({ kind: 'heldBy', holder: plugged.heldBy }));
    }
    const pipe: Pipe = { onGone, waiting: Buffer.alloc(0), wake: () => undefined };
    this.#open.set(id, pipe);
    plugged.printer.connect((bytes) => {
      pipe.waiting = Buffer.concat([pipe.waiting, bytes]);
      pipe.wake();
    });
    return Promise.resolve(ok(this.#printer(id, pipe, plugged.printer)));
  }

  #printer(id: string, pipe: Pipe, printer: SimulatedReceiptPrinter): OpenPrinter {
    const isThere = (): boolean => this.#open.get(id) === pipe;
    const refused = (): Promise<Result<never, TransferFault>> => Promise.resolve(err('stalled'));
    let reading = false;
    let writing = false;
    return {
      write: async (bytes, timeoutMs) => {
        if (writing) throw new Error('two writes at once');
        writing = true;
        if (printer.isFull) await this.#within(timeoutMs, () => undefined);
        writing = false;
        if (!isThere()) return err('gone');
        if (printer.isFull) return err('late');
        printer.receive(bytes);
        return ok(undefined);
      },
      read: async (timeoutMs) => {
        if (reading) throw new Error('two reads at once');
        reading = true;
        if (isThere() && pipe.waiting.length === 0) {
          await this.#within(timeoutMs, (wake) => (pipe.wake = wake));
        }
        reading = false;
        if (!isThere()) return err('gone');
        if (pipe.waiting.length === 0) return err('late');
        const read = pipe.waiting;
        pipe.waiting = Buffer.alloc(0);
        return ok(read);
      },
      portStatus: refused,
      deviceId: refused,
      close: () => {
        if (isThere()) this.#open.delete(id);
        return Promise.resolve();
      },
    };
  }

  #within(ms: number, wakeBy: (wake: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(ms, resolve);
      wakeBy(() => {
        timer.cancel();
        resolve();
      });
    });
  }
}
