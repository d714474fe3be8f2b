import { deepEqual, equal } from 'node:assert/strict';
import * as z from 'zod';
import { receiptPrinterCommands } from '../../../drivers/contract/receipt-printer.ts';
import { escposReceiptPrinterFactory } from '../../../drivers/escpos-receipt-printer/driver.ts';
import { escposOptionsSchema } from '../../../drivers/escpos-receipt-printer/options.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import {
  receiptPrinterConformance,
  type ReceiptPrinterRig,
} from '../../conformance/receipt-printer-suite.ts';
import { lab } from './cases.ts';
import { Gadget } from './gadget.ts';
import type { FarEnd } from './far-end.ts';
import { PrinterOnABus } from './printer-on-a-bus.ts';
import { proveSuite } from './suite-globals.ts';

const PROGRAM = 'receipt-printer-gadget';
const VENDOR = 0x04b8;
const MODEL = {
  columns: 48,
  cutter: true,
  paperNearEnd: true,
  coverSensor: true,
  endOfJob: 'processId',
  clearsBuffers: true,
  automaticStatus: true,
};
const CAPABILITIES = {
  columns: 48,
  cutter: true,
  paperNearEnd: true,
  coverSensor: true,
  completedMeans: 'deviceReported',
} as const;
const RECEIPT = receiptPrinterCommands.printReceipt.params.parse({
  items: [
    { kind: 'text', text: 'SPESIMEN', align: 'center', size: 'double' },
    { kind: 'rule' },
    ...Array.from({ length: 20 }, (_, index) => ({ kind: 'text', text: `baris ${index + 1}` })),
    { kind: 'qr', content: 'https://spesimen.example/v/ABCDEFGH' },
  ],
});

/** On a serial line of USB (CDC-ACM). */
export async function serialReceiptPrinter(slot: number): Promise<void> {
  const gadget = new Gadget(
    {
      name: 'rcpacm',
      vendorId: VENDOR,
      productId: 0x0202,
      product: 'Receipt printer',
      serialNumber: 'SPESIMEN-RCP',
    },
    [{ kind: 'acm', attributes: {} }],
    slot,
  );
  await receiptPrinterCases({
    device: 'CDC-ACM receipt printer',
    printer: new PrinterOnABus(gadget, PROGRAM, gadget.terminal),
    connection: {
      kind: 'serial',
      path: '/dev/serial/by-id/usb-SPESIMEN_lab_Receipt_printer_SPESIMEN-RCP-if00',
    },
  });
}

/** Of the USB printer class; usblp has it first. */
export async function usbReceiptPrinter(slot: number): Promise<void> {
  const gadget = new Gadget(
    {
      name: 'rcpprn',
      vendorId: VENDOR,
      productId: 0x0e28,
      product: 'Receipt printer',
      serialNumber: 'SPESIMEN-RCU',
    },
    [
      {
        kind: 'printer',
        attributes: { pnp_string: 'MFG:SPESIMEN;MDL:lab;CMD:ESC/POS;CLS:PRINTER;' },
      },
    ],
    slot,
  );
  await receiptPrinterCases({
    device: 'USB printer-class receipt printer',
    printer: new PrinterOnABus(gadget, PROGRAM, '/dev/g_printer1'),
    connection: { kind: 'usb', vendorId: VENDOR },
  });
}

/** How many were cut off. */
const countReceipts = async (far: FarEnd): Promise<number> =>
  z.array(z.unknown()).parse(await far.order('receipts')).length;

function makeDriver(connection: object) {
  const events = new EventLog<'receiptPrinter'>();
  const options = escposOptionsSchema.parse({ ...MODEL, connection });
  return { events, driver: escposReceiptPrinterFactory.create(options, events.emit) };
}

interface Connected {
  readonly device: string;
  readonly printer: PrinterOnABus;
  readonly connection: object;
}

async function receiptPrinterCases({ device, printer, connection }: Connected): Promise<void> {
  const { events, driver } = makeDriver(connection);
  const { handlers } = driver;
  const online = () => events.heard('statusChanged', ({ state }) => state === 'online');

  await lab(device, 'is away while it is not plugged in', async () => {
    await driver.start();
    deepEqual(events.named('statusChanged'), [
      { state: 'powerOff', reasons: ['absent'], requiredAction: 'maintenance' },
    ]);
  });
  let far = await printer.plug();
  await lab(device, 'is found when it is plugged in', online);
  await lab(device, 'prints a receipt and says itself that it did', async () => {
    deepEqual(await handlers.printReceipt(RECEIPT), {
      ok: true,
      value: { evidence: 'deviceReported' },
    });
    equal(await countReceipts(far), 1);
    equal(await far.order('breach'), null);
  });
  await lab(
    device,
    'says that its paper ended in the middle, and by itself that it has some',
    async () => {
      await far.order('endPaper', 3);
      deepEqual(await handlers.printReceipt(RECEIPT), {
        ok: false,
        error: { kind: 'commandError', errorCode: 'paperOut' },
      });
      events.forget();
      await far.order('loadRoll');
      await online();
      equal((await handlers.printReceipt(RECEIPT)).ok, true);
    },
  );
  await lab(device, 'is missed when it is pulled out in the middle of a receipt', async () => {
    events.forget();
    await far.order('hold');
    const printing = handlers.printReceipt(RECEIPT);
    await far.order('whenHolding');
    printer.gadget.unplug();
    deepEqual(await printing, { ok: false, error: { kind: 'deviceGone' } });
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
  });
  events.forget();
  far = await printer.plug();
  await lab(device, 'prints again once it is plugged in again', async () => {
    await online();
    equal((await handlers.printReceipt(RECEIPT)).ok, true);
    equal(await countReceipts(far), 1);
    equal(await far.order('breach'), null);
  });
  await driver.stop();
  await proveSuite(device, () =>
    receiptPrinterConformance(device, CAPABILITIES, () => plugged(printer, connection)),
  );
  await printer.end();
}

/** One that is plugged in, found and as new, at its newest far end. */
async function plugged(printer: PrinterOnABus, connection: object): Promise<ReceiptPrinterRig> {
  const { gadget } = printer;
  let far = await printer.plug();
  await far.order('renew');
  const { events, driver } = makeDriver(connection);
  await driver.start();
  await events.heard('statusChanged', ({ state }) => state === 'online');
  events.forget();
  const tell =
    (word: string) =>
    async (...args: readonly unknown[]): Promise<void> => {
      await far.order(word, ...args);
    };
  const seen = async (word: 'receipts' | 'hanging') => (await far.order(word)) as never;
  return {
    driver,
    events,
    hands: {
      receipts: () => seen('receipts'),
      hanging: () => seen('hanging'),
      endPaper: tell('endPaper'),
      loadRoll: tell('loadRoll'),
      openCover: tell('openCover'),
      closeCover: tell('closeCover'),
      jamCutter: tell('jamCutter'),
      clearCutter: tell('clearCutter'),
      hold: tell('hold'),
      release: tell('release'),
      whenHolding: tell('whenHolding'),
      whenAsked: tell('whenAsked'),
      manner: tell('manner'),
      unplug: () => {
        gadget.unplug();
        return Promise.resolve();
      },
      plug: async () => {
        far = await printer.plug();
      },
    },
    lineEnded: () => gadget.whenGone(),
    stop: async () => {
      await driver.stop();
      equal(await far.order('breach'), null);
    },
  };
}
