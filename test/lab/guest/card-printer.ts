import { deepEqual, equal } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { makeEvolisCardPrinterFactory } from '../../../drivers/evolis-card-printer/driver.ts';
import { evolisOptionsSchema } from '../../../drivers/evolis-card-printer/options.ts';
import { systemUsbPrinterBus } from '../../../drivers/usb/system-usb-printers.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import {
  cardPrinterConformance,
  type CardPrinterRig,
} from '../../conformance/card-printer-suite.ts';
import { lab } from './cases.ts';
import { Gadget } from './gadget.ts';
import { PrinterOnABus } from './printer-on-a-bus.ts';
import { proveSuite } from './suite-globals.ts';

const PROGRAM = 'printer-gadget';
const FAR_END = '/dev/g_printer0';
const DEVICE = 'USB printer-class card printer';
const WHITE = Buffer.alloc(1012 * 638 * 3, 255).toString('base64');
/** Does not pack, so that its planes are long. */
const NOISE = randomBytes(1012 * 638 * 3).toString('base64');
const side = (name: 'front' | 'back') => ({
  side: name,
  widthDots: 1012 as const,
  heightDots: 638 as const,
  rgbBase64: WHITE,
});
const ktp = { feeder: 'ktp', blankKind: 'ktpEl' };

const feeders = [
  { name: 'ktp', blankKind: 'ktpEl', input: 1 },
  { name: 'kia', blankKind: 'kia', input: 2 },
];
const options = evolisOptionsSchema.parse({
  model: 'SPESIMEN lab',
  feeders,
  ribbon: 'ymckok',
  feederSensors: true,
});
const CAPABILITIES = {
  completedMeans: 'deviceReported',
  exitSensor: false,
  retract: false,
  rejectBin: true,
  rejectCount: false,
  cardPosition: false,
  counters: false,
  flip: true,
  contactless: false,
  serialReader: false,
  feeders: feeders.map(({ name, blankKind }) => ({ name, blankKind })),
} as const;
const factory = makeEvolisCardPrinterFactory(() => ({
  clock: systemClock,
  bus: systemUsbPrinterBus,
  station: null,
}));

/** sysfs has a link in the folder of a driver for each interface that the driver holds. */
const heldByKernel = (): boolean =>
  readdirSync('/sys/bus/usb/drivers/usblp').some((name) => name.includes(':'));

export async function cardPrinter(slot: number): Promise<void> {
  const gadget = new Gadget(
    {
      name: 'prn',
      vendorId: 0x0f49,
      productId: 0x0001,
      product: 'Card printer',
      serialNumber: 'SPESIMEN-PRN',
    },
    [
      {
        kind: 'printer',
        attributes: { pnp_string: 'MFG:Evolis;MDL:SPESIMEN lab;CMD:ESC;CLS:PRINTER;' },
      },
    ],
    slot,
  );
  const events = new EventLog<'cardPrinter'>();
  const made = () => factory.create(options, events.emit);
  const online = () => events.heard('statusChanged', ({ state }) => state === 'online');

  await lab(DEVICE, 'is away while it is not plugged in', async () => {
    const early = made();
    await early.start();
    await early.stop();
    deepEqual(events.named('statusChanged'), [
      { state: 'powerOff', reasons: ['absent'], requiredAction: 'maintenance' },
    ]);
  });
  const onBus = new PrinterOnABus(gadget, PROGRAM, FAR_END);
  let printer = await onBus.plug();
  const driver = made();
  const { handlers } = driver;
  await lab(DEVICE, 'is taken from usblp, which has it first', async () => {
    while (!heldByKernel()) await delay(20);
    await driver.start();
    await online();
    equal(heldByKernel(), false);
  });
  await lab(DEVICE, 'feeds, prints both sides and lets the card out', async () => {
    deepEqual(await handlers.feedBlank(ktp), {
      ok: true,
      value: { serial: null, blankKind: null },
    });
    deepEqual(await handlers.printSide(side('front')), { ok: true, value: {} });
    deepEqual(await handlers.printSide(side('back')), { ok: true, value: {} });
    deepEqual(await handlers.presentCard({}), { ok: true, value: { media: 'unknown' } });
    deepEqual(await printer.order('cameOut'), [{ sides: ['front', 'back'] }]);
    await printer.order('clear');
  });
  await lab(DEVICE, 'is missed when it is pulled out while it is sent a plane', async () => {
    equal((await handlers.feedBlank(ktp)).ok, true);
    events.forget();
    const reached = printer.order('whenInPlane');
    const printing = handlers.printSide({ ...side('front'), rgbBase64: NOISE });
    await reached;
    gadget.unplug();
    deepEqual(await printing, { ok: false, error: { kind: 'deviceGone' } });
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
    deepEqual(await handlers.feedBlank(ktp), {
      ok: false,
      error: { kind: 'notReady', reason: 'unplugged' },
    });
  });
  printer = await onBus.plug();
  await lab(DEVICE, 'works again once it is plugged in again', async () => {
    await online();
    equal((await handlers.feedBlank(ktp)).ok, true);
    equal((await handlers.presentCard({})).ok, true);
  });
  await lab(DEVICE, 'says that a ribbon broke, and rejects the card', async () => {
    equal((await handlers.feedBlank(ktp)).ok, true);
    await printer.order('ribbonBreaks');
    deepEqual(await handlers.printSide(side('front')), {
      ok: false,
      error: { kind: 'commandError', errorCode: 'ribbonOut' },
    });
    equal((await handlers.rejectCard({})).ok, true);
    equal(await printer.order('rejected'), 1);
    await printer.order('clear');
  });
  await lab(DEVICE, 'says that a feeder is empty', async () => {
    await printer.order('emptyFeeder', 'ktp');
    deepEqual(await handlers.feedBlank(ktp), {
      ok: false,
      error: { kind: 'notReady', reason: 'feederEmpty' },
    });
  });
  await driver.stop();
  await proveSuite(DEVICE, () =>
    cardPrinterConformance(DEVICE, CAPABILITIES, () => plugged(onBus), {
      seesEmptyFeeder: true,
      oneJob: false,
      refusesBy: 'notReady',
    }),
  );
  await onBus.end();
}

/** One that is plugged in and found, with three blanks in each feeder. */
async function plugged(onBus: PrinterOnABus): Promise<CardPrinterRig> {
  const printer = await onBus.plug();
  await printer.order('renew');
  const events = new EventLog<'cardPrinter'>();
  const driver = factory.create(options, events.emit);
  await driver.start();
  await events.heard('statusChanged', ({ state }) => state === 'online');
  events.forget();
  return {
    driver,
    events,
    takeCardAtExit: async () => equal(await printer.order('takeCard'), true),
    emptyFeeder: async (feeder) => {
      await printer.order('emptyFeeder', feeder);
    },
    layStrayIn: async (feeder) =>
      z
        .object({ serial: z.string(), blankKind: z.string() })
        .parse(await printer.order('layStrayIn', feeder)),
    cameOut: async () => cardsOut.parse(await printer.order('cameOut')),
    stop: () => driver.stop(),
  };
}

const cardsOut = z.array(z.object({ sides: z.array(z.enum(['front', 'back'])) }));
