import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeEscposReceiptPrinterFactory } from '../../../drivers/escpos-receipt-printer/driver.ts';
import {
  escposOptionsSchema,
  type EscposOptions,
} from '../../../drivers/escpos-receipt-printer/options.ts';
import {
  SIMULATED_RECEIPT_PRINTER,
  SimulatedReceiptPrinterBus,
} from '../../../drivers/escpos-receipt-printer/simulator-bus.ts';
import { ReceiptPrinterCable } from '../../../drivers/escpos-receipt-printer/simulator-cable.ts';
import {
  SimulatedReceiptPrinter,
  type SimulatedModel,
} from '../../../drivers/escpos-receipt-printer/simulator.ts';
import type { ListUsbPorts } from '../../../drivers/serial-line/usb-ports.ts';
import { lineOf } from '../../../drivers/escpos-receipt-printer/transport.ts';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import type {
  ReceiptPrinterHands,
  ReceiptPrinterRig,
} from '../../conformance/receipt-printer-suite.ts';
import { LineEnd } from '../../conformance/line-end.ts';
import { EventLog } from '../cabinet/event-log.ts';

export type Model = Omit<EscposOptions, 'connection'>;
type Connection = EscposOptions['connection'];

/** Everything that a model can have. */
export const FULL: Model = {
  columns: 48,
  cutter: true,
  paperNearEnd: true,
  coverSensor: true,
  endOfJob: 'processId',
  clearsBuffers: true,
  automaticStatus: true,
};
/** A small one that only answers when it is asked. */
export const PLAIN: Model = {
  columns: 32,
  cutter: false,
  paperNearEnd: false,
  coverSensor: false,
  endOfJob: 'paperStatus',
  clearsBuffers: false,
  automaticStatus: false,
};

export const machineOf = (model: Model): SimulatedModel => ({
  columns: model.columns,
  cutter: model.cutter,
  nearEndSensor: model.paperNearEnd,
  coverSensor: model.coverSensor,
  processIds: model.endOfJob === 'processId',
  clearsBuffers: model.clearsBuffers,
  automaticStatus: model.automaticStatus,
});

export const USB: Connection = {
  kind: 'usb',
  vendorId: SIMULATED_RECEIPT_PRINTER.vendorId,
  productId: null,
  serialNumber: null,
  port: null,
  maker: null,
  model: null,
};

const handsOn = (
  printer: SimulatedReceiptPrinter,
  cable: Pick<ReceiptPrinterHands, 'plug' | 'unplug'>,
): ReceiptPrinterHands => ({
  receipts: () => printer.receipts,
  hanging: () => printer.hanging,
  endPaper: (afterLines) => printer.strike('paperEnds', afterLines),
  loadRoll: (lines) => printer.loadRoll(lines),
  openCover: () => printer.openCover(),
  closeCover: () => printer.closeCover(),
  jamCutter: () => printer.strike('cutterJams'),
  clearCutter: () => printer.clearCutter(),
  hold: () => printer.hold(),
  release: () => printer.release(),
  whenHolding: () => printer.whenHolding(),
  whenAsked: () => printer.whenAsked(),
  manner: (manner) => {
    printer.manner = manner;
  },
  ...cable,
});

/** What a strict printer did not understand fails the test in which it was sent. */
function sawNoBreach({ breach }: SimulatedReceiptPrinter): void {
  if (breach !== null) throw breach;
}

/** A driver on a simulated USB bus with one printer on it; not started. */
export function usbRig(
  model: Model = FULL,
  {
    clock = systemClock,
    printer = new SimulatedReceiptPrinter(machineOf(model), clock),
    connection: named = {},
  }: {
    readonly clock?: Clock;
    readonly connection?: { readonly maker?: string; readonly model?: string };
    readonly printer?: SimulatedReceiptPrinter;
  } = {},
) {
  const bus = new SimulatedReceiptPrinterBus(clock);
  bus.plug({ printer });
  const events = new EventLog<'receiptPrinter'>();
  const lineEnd = new LineEnd();
  const options = escposOptionsSchema.parse({ ...model, connection: { ...USB, ...named } });
  const driver = makeEscposReceiptPrinterFactory(({ connection }) => ({
    clock,
    openLine: (handlers) =>
      lineEnd.watch(
        handlers,
        lineOf(connection, clock, { printers: bus, listSerialPorts: noPorts }),
      ),
  })).create(options, events.emit);
  const hands = handsOn(printer, {
    unplug: () => {
      bus.unplug();
      return Promise.resolve();
    },
    plug: () => {
      bus.plug({ printer });
      return Promise.resolve();
    },
  });
  const stop = async (): Promise<void> => {
    await driver.stop();
    printer.restart();
    sawNoBreach(printer);
  };
  const lineEnded = (): Promise<void> => lineEnd.ended;
  return { driver, events, hands, lineEnded, stop, bus, printer };
}

const noPorts: ListUsbPorts = () => Promise.resolve([]);

/** As the kernel lists a printer with a serial port on the USB. */
export const SERIAL_PORT = {
  vendorId: 0x04b8,
  productId: 0x0202,
  serialNumber: 'SPESIMEN0001',
  port: '1-4.1',
} as const;

/**
 * A driver on a pseudo-terminal with a printer at its far end; not started. It looks under the terminal's own
 * path, or where `place` says, among `others` beside it.
 */
export async function serialRig(
  model: Model = FULL,
  {
    place,
    others = [],
  }: { readonly place?: object; readonly others?: Awaited<ReturnType<ListUsbPorts>> } = {},
): Promise<ReceiptPrinterRig> {
  const folder = mkdtempSync(path.join(tmpdir(), 'anjungan-receipt-'));
  const printer = new SimulatedReceiptPrinter(machineOf(model));
  const cable = new ReceiptPrinterCable(path.join(folder, 'tty'), printer);
  await cable.plug();
  const events = new EventLog<'receiptPrinter'>();
  const lineEnd = new LineEnd();
  const options = escposOptionsSchema.parse({
    ...model,
    connection: { kind: 'serial', ...(place ?? { path: cable.ttyPath }) },
  });
  const listSerialPorts: ListUsbPorts = () =>
    Promise.resolve([{ path: cable.ttyPath, ...SERIAL_PORT }, ...others]);
  const noUsb = new SimulatedReceiptPrinterBus(systemClock);
  const driver = makeEscposReceiptPrinterFactory(({ connection }) => ({
    clock: systemClock,
    openLine: (handlers) =>
      lineEnd.watch(
        handlers,
        lineOf(connection, systemClock, { printers: noUsb, listSerialPorts }),
      ),
  })).create(options, events.emit);
  return {
    driver,
    events,
    hands: handsOn(printer, { plug: () => cable.plug(), unplug: () => cable.unplug() }),
    lineEnded: () => lineEnd.ended,
    stop: async () => {
      await driver.stop();
      await cable.unplug();
      rmSync(folder, { recursive: true });
      sawNoBreach(printer);
    },
  };
}
