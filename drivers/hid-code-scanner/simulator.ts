import { err, ok } from '../../src/base/result.ts';
import {
  AIM_ID_OFFSET,
  DATA_BYTES,
  DATA_OFFSET,
  MORE_FOLLOWS_OFFSET,
  REPORT_BYTES,
  REPORT_ID,
  USAGE_PAGE_SCANNER,
  USAGE_SCANNER,
} from './protocol.ts';
import type { HidBus, HidHandlers, ListedHid } from './transport.ts';

/** The reports that a POS scanner sends for one code; `]Q1` is the AIM identifier of a QR code. */
export function reportsOf(payload: string, aimId = ']Q1'): Uint8Array[] {
  const bytes = Buffer.from(payload, 'latin1');
  const parts = Math.max(1, Math.ceil(bytes.length / DATA_BYTES));
  return Array.from({ length: parts }, (_, index) => {
    const data = bytes.subarray(index * DATA_BYTES, (index + 1) * DATA_BYTES);
    const report = new Uint8Array(REPORT_BYTES);
    report[0] = REPORT_ID;
    report[1] = data.length;
    report.set(Buffer.from(aimId, 'latin1').subarray(0, 3), AIM_ID_OFFSET);
    report.set(data, DATA_OFFSET);
    report[MORE_FOLLOWS_OFFSET] = index < parts - 1 ? 1 : 0;
    return report;
  });
}

export const SIMULATED_SCANNER: ListedHid = {
  path: 'simulated-hid-0',
  vendorId: 0x05e0,
  productId: 0x1200,
  serialNumber: null,
  port: '1-1',
  usagePage: USAGE_PAGE_SCANNER,
  usage: USAGE_SCANNER,
};

/**
 * Simulates a USB bus with HID devices on it. Strict: opening what was not listed, or twice, throws,
 * and so does sending from a device that nobody opened.
 */
export class SimulatedHidBus implements HidBus {
  readonly #devices = new Map<string, ListedHid>();
  readonly #open = new Map<string, HidHandlers>();
  /** Listing fails. */
  cannotList = false;

  plug(device: ListedHid = SIMULATED_SCANNER): void {
    this.#devices.set(device.path, device);
  }

  unplug(path: string = SIMULATED_SCANNER.path): void {
    this.#devices.delete(path);
    const handlers = this.#open.get(path);
    this.#open.delete(path);
    handlers?.onGone();
  }

  isOpen(path: string = SIMULATED_SCANNER.path): boolean {
    return this.#open.has(path);
  }

  send(reports: readonly Uint8Array[], path: string = SIMULATED_SCANNER.path): void {
    const handlers = this.#open.get(path);
    if (handlers === undefined) throw new Error(`nobody opened ${path}`);
    for (const report of reports) handlers.onReport(report);
  }

  list: HidBus['list'] = () =>
    Promise.resolve(this.cannotList ? err('usbFailed') : ok([...this.#devices.values()]));

  open: HidBus['open'] = (path, handlers) => {
    if (this.#open.has(path)) throw new Error(`${path} is open already`);
    if (!this.#devices.has(path)) return Promise.resolve(err({ kind: 'refused' as const }));
    this.#open.set(path, handlers);
    return Promise.resolve(
      ok({
        close: () => {
          this.#open.delete(path);
          return Promise.resolve();
        },
      }),
    );
  };
}
