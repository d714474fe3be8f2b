import { deepEqual, equal } from 'node:assert/strict';
import { receiptPrinterCommands } from '../../../drivers/contract/receipt-printer.ts';
import { escposReceiptPrinterFactory } from '../../../drivers/escpos-receipt-printer/driver.ts';
import { escposOptionsSchema } from '../../../drivers/escpos-receipt-printer/options.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { lab } from './cases.ts';
import { FarEnd } from './far-end.ts';
import { Gadget } from './gadget.ts';

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
const RECEIPT = receiptPrinterCommands.printReceipt.params.parse({
  items: [
    { kind: 'text', text: 'SPESIMEN', align: 'center', size: 'double' },
    { kind: 'rule' },
    ...Array.from({ length: 20 }, (_, index) => ({ kind: 'text', text: `baris ${index + 1}` })),
    { kind: 'qr', content: 'https://spesimen.example/v/ABCDEFGH' },
  ],
});

interface ReceiptPrinterOnABus {
  readonly device: string;
  readonly gadget: Gadget;
  readonly connection: object;
  /** The gadget's end. */
  readonly farEnd: string;
}

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
    gadget,
    connection: {
      kind: 'serial',
      path: '/dev/serial/by-id/usb-SPESIMEN_lab_Receipt_printer_SPESIMEN-RCP-if00',
    },
    farEnd: gadget.terminal,
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
    gadget,
    connection: { kind: 'usb', vendorId: VENDOR },
    farEnd: '/dev/g_printer1',
  });
}

async function receiptPrinterCases(printer: ReceiptPrinterOnABus): Promise<void> {
  const { device, gadget, connection, farEnd } = printer;
  const events = new EventLog<'receiptPrinter'>();
  const options = escposOptionsSchema.parse({ ...MODEL, connection });
  const driver = escposReceiptPrinterFactory.create(options, events.emit);
  const { handlers } = driver;
  const online = () => events.heard('statusChanged', ({ state }) => state === 'online');
  const start = () => FarEnd.start('receipt-printer-gadget', farEnd);

  await lab(device, 'is away while it is not plugged in', async () => {
    await driver.start();
    deepEqual(events.named('statusChanged'), [
      { state: 'powerOff', reasons: ['absent'], requiredAction: 'maintenance' },
    ]);
  });
  gadget.plug();
  let far = await start();
  await lab(device, 'is found when it is plugged in', online);
  await lab(device, 'prints a receipt and says itself that it did', async () => {
    deepEqual(await handlers.printReceipt(RECEIPT), {
      ok: true,
      value: { evidence: 'deviceReported' },
    });
    deepEqual(await far.order('paper'), { receipts: 1, hanging: 1, breach: null });
  });
  await lab(
    device,
    'says that its paper ended in the middle, and by itself that it has some',
    async () => {
      await far.order('paperEnds');
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
    gadget.unplug();
    deepEqual(await printing, { ok: false, error: { kind: 'deviceGone' } });
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
  });
  await far.end();
  events.forget();
  gadget.plug();
  far = await start();
  await lab(device, 'prints again once it is plugged in again', async () => {
    await online();
    equal((await handlers.printReceipt(RECEIPT)).ok, true);
    deepEqual(await far.order('paper'), { receipts: 1, hanging: 1, breach: null });
  });
  await driver.stop();
  await far.end();
  gadget.unplug();
}
