import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { colourPlanes } from '../../../drivers/evolis-card-printer/planes.ts';
import { evolisOptionsSchema } from '../../../drivers/evolis-card-printer/options.ts';
import { SIMULATED_PRINTER } from '../../../drivers/evolis-card-printer/simulator-bus.ts';
import { SimulatedEvolisPrinter } from '../../../drivers/evolis-card-printer/simulator.ts';
import { root } from '../../../scripts/stack/program.ts';
import { evolisRig, feeders } from './evolis-rig.ts';

const WHITE = Buffer.alloc(1012 * 638 * 3, 255);
const side = (name: 'front' | 'back', rgb: Uint8Array = WHITE) => ({
  side: name,
  widthDots: 1012 as const,
  heightDots: 638 as const,
  rgbBase64: Buffer.from(rgb).toString('base64'),
});
const ktp = { feeder: 'ktp', blankKind: 'ktpEl' };
const refused = (errorCode: string) => ({ ok: false, error: { kind: 'commandError', errorCode } });

async function started(...args: Parameters<typeof evolisRig>) {
  const rig = evolisRig(...args);
  await rig.driver.start();
  return rig;
}

describe('a card from the Evolis driver', () => {
  it('comes out with the planes of its picture, varnish over the front and resin on the back', async () => {
    const { driver, printer } = await started();
    const { handlers } = driver;
    const rgb = Buffer.from(WHITE);
    rgb.fill(0, 0, 3_000);
    await handlers.feedBlank(ktp);
    expect(await handlers.printSide(side('front', rgb))).toEqual({ ok: true, value: {} });
    expect(await handlers.printSide(side('back', rgb))).toEqual({ ok: true, value: {} });
    expect(printer.exit).toEqual([]);
    expect(await handlers.presentCard({})).toEqual({ ok: true, value: { media: 'unknown' } });
    const [card] = printer.exit;
    expect(card?.front.map(({ panel }) => panel)).toEqual(['y', 'm', 'c', 'k', 'o']);
    expect(card?.back.map(({ panel }) => panel)).toEqual(['k']);
    const { k } = colourPlanes(rgb);
    expect(Buffer.from(card?.front[3]?.plane ?? []).equals(Buffer.from(k))).toBe(true);
    await driver.stop();
  });

  it('is fed from the feeder that was asked for, to the station where there is one', async () => {
    const { driver, printer } = await started({ station: true });
    await driver.handlers.feedBlank({ feeder: 'kia', blankKind: 'kia' });
    expect(printer.atStation?.blankKind).toBe('kia');
    expect(printer.commands.slice(-4, -1).join()).toContain('Sic');
    expect(printer.commands).toContain('Piem;2;0');
    await driver.stop();
  });

  it('is not fed for a kind that the feeder does not hold', async () => {
    const { driver, printer } = await started();
    const answer = await driver.handlers.feedBlank({ feeder: 'ktp', blankKind: 'kia' });
    expect(answer).toMatchObject({ ok: false, error: { kind: 'invalidData' } });
    expect(printer.commands.filter((one) => one.startsWith('S'))).toEqual([]);
    await driver.stop();
  });

  it('is never printed on twice', async () => {
    const { driver, printer } = await started();
    const { handlers } = driver;
    await handlers.feedBlank(ktp);
    await handlers.printSide(side('front'));
    const sent = printer.commands.length;
    expect(await handlers.printSide(side('front'))).toMatchObject({
      error: { kind: 'invalidData' },
    });
    expect(printer.commands.slice(sent)).toEqual(['Rlr;p']);
    await driver.stop();
  });
});

describe('trouble with the Evolis printer', () => {
  it('is a jam where the card did not come, and stands in the status until somebody cleared it', async () => {
    const { driver, printer, events } = await started();
    printer.strike('jam');
    expect(await driver.handlers.feedBlank(ktp)).toEqual(refused('mediaJammed'));
    const jammed = { state: 'hardwareError', reasons: ['mediaJammed'], requiredAction: 'clear' };
    expect(events.named('statusChanged').at(-1)).toEqual(jammed);
    printer.clear();
    expect(await driver.handlers.getStatus({})).toMatchObject({ value: { state: 'online' } });
    await driver.stop();
  });

  it('is a ribbon that ends in the middle of a side, or was at its end before', async () => {
    const { driver, printer } = await started();
    const { handlers } = driver;
    await handlers.feedBlank(ktp);
    printer.strike('ribbonBreaks');
    expect(await handlers.printSide(side('front'))).toEqual(refused('ribbonOut'));
    expect((await handlers.rejectCard({})).ok).toBe(true);
    expect(printer.rejectBox).toHaveLength(1);
    await handlers.feedBlank(ktp);
    expect(await handlers.printSide(side('front'))).toEqual(refused('ribbonOut'));
    expect(await handlers.getStatus({})).toMatchObject({ value: { ribbon: 'out' } });
    await driver.stop();
  });

  it('is told as what nobody knows where the last panel could not be printed', async () => {
    const { driver, printer } = await started();
    const { handlers } = driver;
    await handlers.feedBlank(ktp);
    await handlers.printSide(side('front'));
    printer.strike('ribbonBreaks');
    expect(await handlers.presentCard({})).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'ribbonEnded' },
    });
    expect(printer.exit).toEqual([]);
    await driver.stop();
  });

  it.each([
    ['noise', Buffer.from('\x01\x02NO CARD\0', 'latin1')],
    ['an answer that never ends', Buffer.alloc(4_096, 'A')],
    ['two answers to one question', Buffer.from('NO CARD\0OK\0', 'latin1')],
    ['an answer to another question', Buffer.from('17\0', 'latin1')],
  ])('is %s, after which it is asked afresh', async (_what, babble) => {
    const { driver, bus, printer } = await started();
    bus.babble = babble;
    expect(await driver.handlers.feedBlank(ktp)).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'garbled' },
    });
    expect(printer.commands.filter((one) => one.startsWith('Si'))).toEqual([]);
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    await driver.stop();
  });

  it('is an answer that comes when the next question was asked, and is not taken for its answer', async () => {
    const { driver, bus } = await started();
    bus.withheld = 1;
    expect(await driver.handlers.feedBlank(ktp)).toEqual({
      ok: false,
      error: { kind: 'noAnswer' },
    });
    // It says that no card is inside, and one is by the time it comes.
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    bus.withheld = 1;
    expect(await driver.handlers.presentCard({})).toMatchObject({ error: { kind: 'noAnswer' } });
    bus.release();
    expect(await driver.handlers.feedBlank(ktp)).toEqual(refused('mediaPresent'));
    await driver.stop();
  });

  it('is silence, of which nothing follows', async () => {
    const { driver, bus, printer } = await started();
    bus.silent = true;
    expect(await driver.handlers.feedBlank(ktp)).toEqual({
      ok: false,
      error: { kind: 'noAnswer' },
    });
    expect(printer.atStation).toBeNull();
    await driver.stop();
  });

  it('is a movement that was not counted, or that nobody can see', async () => {
    const { driver, printer } = await started();
    printer.strike('uncounted');
    expect(await driver.handlers.feedBlank(ktp)).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'countersDisagree.fed0' },
    });
    // What lies inside now is not known: nothing is printed on it.
    expect(await driver.handlers.printSide(side('front'))).toMatchObject({
      error: { kind: 'invalidData' },
    });
    await driver.stop();
  });

  it('is a panel that was not counted', async () => {
    const { driver, printer } = await started();
    await driver.handlers.feedBlank(ktp);
    printer.strike('uncounted');
    expect(await driver.handlers.printSide(side('front'))).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'countersDisagree.panels2' },
    });
    await driver.stop();
  });

  it('is a jam on the way out', async () => {
    const { driver, printer } = await started();
    await driver.handlers.feedBlank(ktp);
    await driver.handlers.printSide(side('front'));
    printer.strike('jam');
    expect(await driver.handlers.presentCard({})).toEqual(refused('mediaJammed'));
    expect(await driver.handlers.rejectCard({})).toMatchObject({ error: { kind: 'notReady' } });
    await driver.stop();
  });

  it('is told by the port alone of a printer that takes no question while it stands in a fault', async () => {
    const { driver, printer } = await started({ printer: { busyInFault: true } });
    printer.strike('jam');
    expect(await driver.handlers.feedBlank(ktp)).toEqual(refused('mediaJammed'));
    expect(await driver.handlers.getStatus({})).toMatchObject({
      value: { state: 'hardwareError', reasons: ['mediaJammed'] },
    });
    printer.clear();
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    printer.strike('ribbonBreaks');
    expect(await driver.handlers.printSide(side('front'))).toEqual(refused('ribbonOut'));
    await driver.stop();
  });

  it('is a plane that went over in part, after which nothing more is sent', async () => {
    const { driver, printer, bus } = await started({ printer: { busyInFault: true } });
    await driver.handlers.feedBlank(ktp);
    bus.stallAfter('Sr');
    expect(await driver.handlers.printSide(side('front'))).toMatchObject({
      error: { kind: 'noAnswer' },
    });
    const sent = printer.commands.length;
    expect(await driver.handlers.rejectCard({})).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'brokenStream' },
    });
    expect(printer.commands).toHaveLength(sent);
    expect(await driver.handlers.getStatus({})).toMatchObject({
      value: { reasons: ['brokenStream'], requiredAction: 'reset' },
    });
    await driver.stop();
  });

  it('is a feeder whose emptiness only the port tells, and which stays told until somebody filled it', async () => {
    const { driver, printer } = await started({ options: { feederSensors: false } });
    printer.emptyFeeder(1);
    expect(await driver.handlers.feedBlank(ktp)).toEqual(refused('feederEmpty'));
    const kia = { feeder: 'kia', blankKind: 'kia' };
    expect(await driver.handlers.feedBlank(kia)).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'outOfMedia' },
    });
    printer.load(1, [{ serial: 'SP9', blankKind: 'ktpEl' }]);
    expect((await driver.handlers.feedBlank(kia)).ok).toBe(true);
    await driver.stop();
  });

  it('leaves no job open in which the next card would be printed on', async () => {
    const { driver, printer } = await started();
    const { handlers } = driver;
    await handlers.feedBlank(ktp);
    await handlers.printSide(side('front'));
    expect((await handlers.rejectCard({})).ok).toBe(true);
    expect(printer.commands).toContain('Srs');
    await handlers.feedBlank(ktp);
    await handlers.printSide(side('front'));
    // Somebody opens the printer and takes the card out by hand.
    printer.clear();
    expect((await handlers.feedBlank(ktp)).ok).toBe(true);
    expect((await handlers.printSide(side('front'))).ok).toBe(true);
    expect((await handlers.presentCard({})).ok).toBe(true);
    expect(printer.exit[0]?.front.map(({ panel }) => panel)).toEqual(['y', 'm', 'c', 'k', 'o']);
    await driver.stop();
  });

  it('is a card that lay inside before the driver came: it is not printed on', async () => {
    const first = await started();
    await first.driver.handlers.feedBlank(ktp);
    await first.driver.handlers.printSide(side('front'));
    await first.driver.stop();
    const second = evolisRig();
    second.bus.plug({ printer: first.printer });
    await second.driver.start();
    expect(await second.driver.handlers.printSide(side('front'))).toMatchObject({
      error: { kind: 'invalidData', reason: 'front after unknown' },
    });
    expect((await second.driver.handlers.rejectCard({})).ok).toBe(true);
    await second.driver.stop();
  });

  it('is a printer pulled out and put back', async () => {
    const { driver, bus, printer, events, clock } = await started();
    bus.unplug();
    expect(events.named('statusChanged').at(-1)).toMatchObject({ reasons: ['unplugged'] });
    expect(await driver.handlers.feedBlank(ktp)).toMatchObject({ error: { kind: 'deviceGone' } });
    events.forget();
    bus.plug({ printer });
    clock.advance(1_000);
    await events.heard('statusChanged', ({ state }) => state === 'online');
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    await driver.stop();
    expect(bus.isOpen()).toBe(false);
  });
});

describe('the Evolis driver', () => {
  it('says who holds the printer', async () => {
    const rig = evolisRig();
    rig.bus.plug({ printer: rig.printer, heldBy: 'usblp' });
    await rig.driver.start();
    expect(rig.events.named('statusChanged')).toEqual([
      { state: 'userError', reasons: ['heldBy.usblp'], requiredAction: 'configuration' },
    ]);
    await rig.driver.stop();
  });

  it('says that this machine has no USB', async () => {
    const rig = evolisRig();
    rig.bus.isMissing = true;
    await rig.driver.start();
    expect(rig.events.named('statusChanged')).toMatchObject([{ reasons: ['noBus'] }]);
    await rig.driver.stop();
  });

  it('takes neither of two that are alike, and the one whose serial number or port is configured', async () => {
    const other = {
      ...SIMULATED_PRINTER,
      id: 'simulated-usb-2',
      serialNumber: 'SPESIMEN0002',
      port: '1-4.2',
    };
    const unsure = evolisRig();
    unsure.bus.plug({ printer: new SimulatedEvolisPrinter(), listed: other });
    await unsure.driver.start();
    expect(unsure.events.named('statusChanged')).toMatchObject([{ reasons: ['twoAlike'] }]);
    await unsure.driver.stop();
    for (const options of [{ serialNumber: 'SPESIMEN0002' }, { port: '1-4.2' }]) {
      const sure = evolisRig({ options });
      sure.bus.plug({ printer: new SimulatedEvolisPrinter(), listed: other });
      await sure.driver.start();
      expect([sure.bus.isOpen(), sure.bus.isOpen(other.id)]).toEqual([false, true]);
      await sure.driver.stop();
    }
  });

  it('lets go of a printer that says it is of another maker', async () => {
    const { driver, bus, events } = await started({ options: { maker: 'Another' } });
    expect(events.named('statusChanged')).toMatchObject([{ reasons: ['otherMaker'] }]);
    expect(bus.isOpen()).toBe(false);
    await driver.stop();
  });

  it('refuses two feeders with one input', () => {
    const [first] = feeders;
    const twice = [first, { ...first, name: 'other' }];
    const parsed = evolisOptionsSchema.safeParse({
      feeders: twice,
      ribbon: 'ymcko',
      feederSensors: true,
    });
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
      'two feeders have the same input',
    ]);
  });

  it('shares no code with the simulator that it is tried on', () => {
    const folder = path.join(root, 'drivers/evolis-card-printer');
    const simulators = readdirSync(folder).filter((file) => /^simulator(-parser)?\.ts$/.test(file));
    expect(simulators).toHaveLength(2);
    const imported = simulators.flatMap((file) =>
      [...readFileSync(path.join(folder, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
        ([, from]) => from,
      ),
    );
    expect(imported).toEqual(['./simulator-parser.ts']);
  });
});
