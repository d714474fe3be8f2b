import type { Clock } from '../../src/base/clock.ts';
import { SimulatedPrinterBus, type FarEnd } from '../usb/simulated-printer-bus.ts';
import type { ListedPrinter } from '../usb/usb-printer.ts';
import type { SimulatedEvolisPrinter } from './simulator.ts';

export const SIMULATED_PRINTER: ListedPrinter = {
  id: 'simulated-usb-1',
  vendorId: 0x0f49,
  productId: 0x0001,
  serialNumber: 'SPESIMEN0001',
  port: '1-1',
};

/**
 * Simulates a USB bus with card printers on it. `silent` makes a printer take bytes and say nothing; `babble` are
 * bytes that it says in the place of its next answer. `withheld` answers stay away until `release`, and come
 * before those that follow. `slowMs` is how long each answer takes.
 */
export class SimulatedUsbBus extends SimulatedPrinterBus<SimulatedEvolisPrinter> {
  silent = false;
  babble: Uint8Array | null = null;
  withheld = 0;
  slowMs = 0;
  readonly #clock: Clock;
  #late: Uint8Array = new Uint8Array(0);
  #released = false;
  #busyAfter: string | null = null;

  constructor(clock: Clock) {
    super({
      clock,
      listed: SIMULATED_PRINTER,
      farEndOf: (printer, say) => this.#farEndOf(printer, say),
    });
    this.#clock = clock;
  }

  /** Takes nothing over any more once this command went through. */
  busyAfter(command: string): void {
    this.#busyAfter = command;
  }

  /** Takes again what comes. */
  goOn(): void {
    this.#busyAfter = null;
    this.lookAgain();
  }

  /** Lets withheld answers come with the next one. */
  release(): void {
    this.#released = true;
  }

  #farEndOf(printer: SimulatedEvolisPrinter, say: (bytes: Uint8Array) => void): FarEnd {
    const isBusy = (): boolean =>
      printer.busy || (this.#busyAfter !== null && printer.commands.at(-1) === this.#busyAfter);
    return {
      receive: (bytes) => {
        const heard = this.#heard(printer.receive(bytes));
        if (heard.length > 0) this.#clock.after(this.slowMs, () => say(heard));
      },
      get isFull() {
        return isBusy();
      },
      get portStatus() {
        return printer.portStatus;
      },
      deviceId: printer.deviceId,
    };
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
