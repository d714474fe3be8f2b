import { deepEqual, equal } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { makeEvolisCardPrinterFactory } from '../../../drivers/evolis-card-printer/driver.ts';
import { evolisOptionsSchema } from '../../../drivers/evolis-card-printer/options.ts';
import { systemUsbPrinterBus } from '../../../drivers/usb/system-usb-printers.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { EventLog } from '../../drivers/cabinet/event-log.ts';
import { lab } from './cases.ts';
import { FarEnd } from './far-end.ts';
import { Gadget } from './gadget.ts';

const DEVICE = 'USB printer-class card printer';
const WHITE = Buffer.alloc(1012 * 638 * 3, 255).toString('base64');
const side = (name: 'front' | 'back') => ({
  side: name,
  widthDots: 1012 as const,
  heightDots: 638 as const,
  rgbBase64: WHITE,
});
const ktp = { feeder: 'ktp', blankKind: 'ktpEl' };

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
  const options = evolisOptionsSchema.parse({
    model: 'SPESIMEN lab',
    feeders: [{ name: 'ktp', blankKind: 'ktpEl', input: 1 }],
    ribbon: 'ymckok',
    feederSensors: true,
  });
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
  gadget.plug();
  let printer = await FarEnd.start('printer-gadget', '/dev/g_printer0');
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
    deepEqual(await printer.order('clear'), { exit: 1, rejected: 0 });
  });
  await lab(DEVICE, 'says that a ribbon broke, and rejects the card', async () => {
    equal((await handlers.feedBlank(ktp)).ok, true);
    await printer.order('ribbonBreaks');
    deepEqual(await handlers.printSide(side('front')), {
      ok: false,
      error: { kind: 'commandError', errorCode: 'ribbonOut' },
    });
    equal((await handlers.rejectCard({})).ok, true);
    deepEqual(await printer.order('clear'), { exit: 1, rejected: 1 });
  });
  await lab(DEVICE, 'says that a feeder is empty', async () => {
    await printer.order('empty');
    deepEqual(await handlers.feedBlank(ktp), {
      ok: false,
      error: { kind: 'notReady', reason: 'feederEmpty' },
    });
  });
  await lab(DEVICE, 'is missed when it is pulled out in mid-command', async () => {
    events.forget();
    const asked = handlers.getStatus({});
    gadget.unplug();
    await events.heard('statusChanged', ({ reasons }) => reasons.includes('unplugged'));
    await asked;
    deepEqual(await handlers.feedBlank(ktp), {
      ok: false,
      error: { kind: 'notReady', reason: 'unplugged' },
    });
  });
  await printer.end();
  gadget.plug();
  printer = await FarEnd.start('printer-gadget', '/dev/g_printer0');
  await lab(DEVICE, 'works again once it is plugged in again', async () => {
    await online();
    equal((await handlers.feedBlank(ktp)).ok, true);
  });
  await driver.stop();
  await printer.end();
  gadget.unplug();
}
