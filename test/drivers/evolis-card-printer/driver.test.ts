import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { colourPlanes } from '../../../drivers/evolis-card-printer/planes.ts';
import { evolisOptionsSchema } from '../../../drivers/evolis-card-printer/options.ts';
import { SIMULATED_PRINTER } from '../../../drivers/evolis-card-printer/simulator-bus.ts';
import { SimulatedEvolisPrinter } from '../../../drivers/evolis-card-printer/simulator.ts';
import { root } from '../../../scripts/stack/program.ts';
import { OPEN_LIMIT_MS } from '../../../src/devices/host-process.ts';
import { evolisRig, feeders, ktp, OPTIONS, refused, side, started, WHITE } from './evolis-rig.ts';

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

  it('has a chip only while it lies at the station', async () => {
    const { driver } = await started({ station: true });
    const { handlers } = driver;
    const uid = { apduHex: 'ffca000000' };
    expect(await handlers.transmitToChip(uid)).toEqual(refused('noMedia'));
    await handlers.feedBlank(ktp);
    expect((await handlers.transmitToChip(uid)).ok).toBe(true);
    await handlers.printSide(side('front'));
    expect(await handlers.transmitToChip(uid)).toEqual(refused('chipSilent'));
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

  it.each(['noBus', 'usbFailed'] as const)(
    'says that the USB cannot be listed, %s, and looks again',
    async (reason) => {
      const { driver, bus, events } = evolisRig();
      bus.unlisted = reason;
      await driver.start();
      expect(events.named('statusChanged')).toMatchObject([{ reasons: [reason] }]);
      bus.unlisted = null;
      await events.heard('statusChanged', ({ state }) => state === 'online');
      await driver.stop();
    },
  );

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

  it.each([
    ['otherMaker', { maker: 'Another' }],
    ['otherModel', { model: 'Another' }],
  ])(
    'lets go of a printer that says what makes it an %s, and says nothing to it',
    async (reason, options) => {
      const { driver, bus, events, printer } = await started({ options });
      expect(events.named('statusChanged')).toEqual([
        { state: 'userError', reasons: [reason], requiredAction: 'configuration' },
      ]);
      expect([bus.isOpen(), printer.commands]).toEqual([false, []]);
      expect(await driver.handlers.feedBlank(ktp)).toEqual({
        ok: false,
        error: { kind: 'notReady', reason },
      });
      await driver.stop();
    },
  );

  it.each([
    [{ movementMs: 15_000, printMs: 45_000 }, true],
    [{ movementMs: 15_001 }, false],
    [{ printMs: 45_001 }, false],
  ])('takes times that fit into what core waits: %o, %s', (times, taken) => {
    expect(evolisOptionsSchema.safeParse({ ...OPTIONS, ...times }).success).toBe(taken);
  });

  it('waits for a printer that is slow to answer when it comes, however short its movements are', async () => {
    const { driver, bus, events } = evolisRig({ options: { movementMs: 1_000 } });
    bus.slowMs = 3_000;
    await driver.start();
    expect(events.named('statusChanged')).toMatchObject([{ state: 'online' }]);
    await driver.stop();
  });

  it('gives up a printer that is silent when it comes, before core gives up the host', async () => {
    const { driver, bus, events, clock } = evolisRig();
    bus.silent = true;
    await driver.start();
    expect(events.named('statusChanged')).toMatchObject([{ reasons: ['silent'] }]);
    expect(clock.monotonicMs()).toBeLessThan(OPEN_LIMIT_MS);
    await driver.stop();
  });

  it('refuses two feeders with one input', () => {
    const [first] = feeders;
    const twice = [first, { ...first, name: 'other' }];
    const parsed = evolisOptionsSchema.safeParse({ ...OPTIONS, feeders: twice });
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
