import type { Clock } from '../../src/base/clock.ts';
import { SimulatedPrinterBus } from '../usb/simulated-printer-bus.ts';
import type { ListedPrinter } from '../usb/usb-printer.ts';
import type { SimulatedReceiptPrinter } from './simulator.ts';

export const SIMULATED_RECEIPT_PRINTER: ListedPrinter = {
  id: 'simulated-usb-1',
  vendorId: 0x04b8,
  productId: 0x0e28,
  serialNumber: 'SPESIMEN0001',
  port: '1-4.1',
};

/** Simulates a USB bus with receipt printers on it, which answer nothing about their port. */
export class SimulatedReceiptPrinterBus extends SimulatedPrinterBus<SimulatedReceiptPrinter> {
  /** What they name themselves; null refuses the request. */
  deviceId: string | null = null;

  constructor(clock: Clock) {
    super({
      clock,
      listed: SIMULATED_RECEIPT_PRINTER,
      farEndOf: (printer, say) => {
        printer.connect(say);
        const { deviceId } = this;
        return {
          receive: (bytes) => printer.receive(bytes),
          get isFull() {
            return printer.isFull;
          },
          portStatus: null,
          deviceId,
        };
      },
      lostPower: (printer) => printer.restart(),
    });
  }
}
