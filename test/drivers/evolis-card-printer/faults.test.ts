import { describe, expect, it } from '@jest/globals';
import { cardPrinterCommands } from '../../../drivers/contract/card-printer.ts';
import { evolisRig, ktp, notReady, refused, side, started } from './evolis-rig.ts';

type Rig = ReturnType<typeof evolisRig>;

/** The questions before a movement, each answered as soon as the clock goes on. */
const AT_ONCE_MS = 300;
/** Until the port is looked at again. */
const SOON_MS = 1_000;
/** What is under way may still go over. */
const REST_OF_PLANE_MS = 2_000;
const JAMMED = { state: 'hardwareError', reasons: ['mediaJammed'], requiredAction: 'clear' };

/** How long it took, by the driver's clock. */
async function timed<T>({ clock }: Rig, work: Promise<T>) {
  const beganMs = clock.monotonicMs();
  const answer = await work;
  return { answer, tookMs: clock.monotonicMs() - beganMs };
}

const passed = ({ clock }: Rig, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.after(ms, resolve));

describe('an Evolis printer that answers nothing while it stands in a fault', () => {
  describe.each(['silent', 'busy'] as const)('because it is %s', (inFault) => {
    it('is jammed at once where the card did not come', async () => {
      const rig = await started({ printer: { inFault } });
      const { driver, printer } = rig;
      printer.strike('jam');
      const { answer, tookMs } = await timed(rig, driver.handlers.feedBlank(ktp));
      expect(answer).toEqual(refused('mediaJammed'));
      expect(tookMs).toBeLessThan(AT_ONCE_MS);
      expect(await driver.handlers.getStatus({})).toMatchObject({ value: JAMMED });
      printer.clear();
      expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
      await driver.stop();
    });

    it('is out of ribbon at once where a side broke off', async () => {
      const rig = await started({ printer: { inFault } });
      const { driver, printer } = rig;
      await driver.handlers.feedBlank(ktp);
      printer.strike('ribbonBreaks');
      const { answer, tookMs } = await timed(rig, driver.handlers.printSide(side('front')));
      expect(answer).toEqual(refused('ribbonOut'));
      expect(tookMs).toBeLessThan(AT_ONCE_MS);
      await driver.stop();
    });

    it('leaves a feed unproved where the port alone says that no card came', async () => {
      const options = { feederSensors: false };
      const rig = await started({ options, printer: { inFault } });
      const { driver, printer } = rig;
      printer.emptyFeeder(1);
      const { answer, tookMs } = await timed(rig, driver.handlers.feedBlank(ktp));
      expect(answer).toEqual({ ok: false, error: { kind: 'hardwareError', reason: 'outOfMedia' } });
      expect(tookMs).toBeLessThan(3 * SOON_MS);
      await driver.stop();
    });
  });

  it.each([
    ['a blank comes', 'Si'],
    ['a plane goes over', 'Sr'],
    ['the last panel prints', 'Db;k;2'],
    ['the card leaves', 'Se'],
  ] as const)('is jammed soon after it jammed while %s', async (_when, command) => {
    const rig = await started();
    const { driver, bus, printer } = rig;
    const { handlers } = driver;
    if (command !== 'Si') await handlers.feedBlank(ktp);
    if (command === 'Se') await handlers.printSide(side('front'));
    bus.busyAfter(command);
    const moving: Promise<unknown> =
      command === 'Si'
        ? handlers.feedBlank(ktp)
        : command === 'Se'
          ? handlers.presentCard({})
          : handlers.printSide(side('front'));
    const work = timed(rig, moving);
    await passed(rig, 3_000);
    expect(printer.commands.at(-1)).toBe(command);
    printer.jam();
    const { answer, tookMs } = await work;
    expect(answer).toEqual(refused('mediaJammed'));
    expect(tookMs).toBeLessThan(3_000 + SOON_MS + (command === 'Sr' ? REST_OF_PLANE_MS : 0));
    await driver.stop();
  });

  it('is no broken stream where the plane goes over all the same', async () => {
    const rig = await started();
    const { driver, bus, printer } = rig;
    const { handlers } = driver;
    await handlers.feedBlank(ktp);
    bus.busyAfter('Sr');
    const printing = handlers.printSide(side('front'));
    await passed(rig, 3_000);
    printer.endRibbon();
    await passed(rig, 1_000);
    bus.goOn();
    expect(await printing).toEqual(refused('ribbonOut'));
    expect((await handlers.rejectCard({})).ok).toBe(true);
    expect(printer.rejectBox).toHaveLength(1);
    await driver.stop();
  });
});

describe('a movement of the Evolis printer', () => {
  const SLOW_MS = 2_000;

  it('is not begun where it could not be over in time', async () => {
    const { driver, bus, printer } = await started();
    bus.slowMs = SLOW_MS;
    expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('noTimeLeft'));
    expect(printer.commands.filter((one) => one.startsWith('Si'))).toEqual([]);
    bus.slowMs = 0;
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    bus.slowMs = SLOW_MS;
    expect(await driver.handlers.rejectCard({})).toEqual(notReady('noTimeLeft'));
    bus.slowMs = 2 * SLOW_MS;
    expect(await driver.handlers.printSide(side('front'))).toEqual(notReady('noTimeLeft'));
    bus.slowMs = 6 * SLOW_MS;
    expect(await driver.handlers.presentCard({})).toEqual(notReady('noTimeLeft'));
    expect(printer.commands.filter((one) => /^(Se|Ss|Pr)/.test(one))).toEqual([]);
    bus.slowMs = 0;
    expect((await driver.handlers.printSide(side('front'))).ok).toBe(true);
    await driver.stop();
  });

  const LAST_PANEL_MS = 70_000;
  /** A card whose side is printed, in a printer that takes nothing more once it was told to let the card go. */
  async function letGo(way: 'Se' | 'Ser') {
    const rig = await started();
    await rig.driver.handlers.feedBlank(ktp);
    await rig.driver.handlers.printSide(side('front'));
    rig.bus.busyAfter(way);
    return rig;
  }

  it('is waited for as long as core does where it ejects, and so prints the last panel', async () => {
    const rig = await letGo('Se');
    const presenting = timed(rig, rig.driver.handlers.presentCard({}));
    await passed(rig, LAST_PANEL_MS);
    rig.bus.goOn();
    const { answer, tookMs } = await presenting;
    expect(answer).toEqual({ ok: true, value: { media: 'unknown' } });
    expect(tookMs).toBeGreaterThanOrEqual(LAST_PANEL_MS);
    await rig.driver.stop();
  });

  it.each([
    ['ejects', 'Se', 'presentCard'],
    ['rejects', 'Ser', 'rejectCard'],
  ] as const)(
    'is given up before core does where it %s and is not over',
    async (_what, way, name) => {
      const rig = await letGo(way);
      const { answer, tookMs } = await timed<unknown>(rig, rig.driver.handlers[name]({}));
      expect(answer).toEqual({ ok: false, error: { kind: 'noAnswer' } });
      expect(tookMs).toBeLessThan(cardPrinterCommands[name].timeoutMs);
      await rig.driver.stop();
    },
  );

  it('is begun by a slow printer whose movements are short', async () => {
    const { driver, bus } = await started({ options: { movementMs: 5_000 } });
    bus.slowMs = SLOW_MS;
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    await driver.stop();
  });

  it('that let no card out is told as a card still inside', async () => {
    const { driver, printer } = await started();
    await driver.handlers.feedBlank(ktp);
    await driver.handlers.printSide(side('front'));
    printer.strike('cardSticks');
    expect(await driver.handlers.presentCard({})).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'cardStillInside' },
    });
    expect(printer.exit).toEqual([]);
    await driver.stop();
  });

  it('is not begun onto a card that came back, of which it is not known that it was there', async () => {
    const { driver, printer } = await started();
    await driver.handlers.feedBlank(ktp);
    await driver.handlers.printSide(side('front'));
    printer.strike('cardUnseen');
    expect(await driver.handlers.feedBlank(ktp)).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'cardCameBack' },
    });
    expect(printer.commands.filter((one) => one.startsWith('Si'))).toHaveLength(1);
    await driver.stop();
  });

  it('is not begun from a feeder that says it is empty', async () => {
    const { driver, printer } = await started();
    printer.emptyFeeder(1);
    expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('feederEmpty'));
    expect(printer.commands.filter((one) => one.startsWith('Si'))).toEqual([]);
    await driver.stop();
  });
});

describe('what is at its end in the Evolis printer', () => {
  const reasonsOf = async ({ driver }: Rig) => {
    const status = await driver.handlers.getStatus({});
    return status.ok ? status.value.reasons : status.error;
  };
  /** A printer whose port says so, as another driver left it. */
  async function outOfBlanks() {
    const { driver, printer } = await started({ options: { feederSensors: false } });
    printer.emptyFeeder(1);
    await driver.handlers.feedBlank(ktp);
    await driver.stop();
    return printer;
  }

  it('is the feeder where a feed met it, until somebody filled it', async () => {
    const rig = await started({ options: { feederSensors: false } });
    rig.printer.emptyFeeder(1);
    expect(await rig.driver.handlers.feedBlank(ktp)).toEqual(refused('feederEmpty'));
    expect(rig.events.named('statusChanged').at(-1)).toEqual({
      state: 'hardwareError',
      reasons: ['feederEmpty'],
      requiredAction: 'maintenance',
    });
    rig.printer.load(1, [{ serial: 'SP9', blankKind: 'ktpEl' }]);
    expect(await reasonsOf(rig)).toEqual([]);
    rig.printer.endRibbon();
    expect(await reasonsOf(rig)).toEqual(['ribbonOut']);
    await rig.driver.stop();
  });

  it('is the ribbon where a side met it, though the feeder is empty as well', async () => {
    const rig = await started();
    await rig.driver.handlers.feedBlank(ktp);
    rig.printer.emptyFeeder(2);
    rig.printer.strike('ribbonBreaks');
    await rig.driver.handlers.printSide(side('front'));
    expect(await reasonsOf(rig)).toEqual(['ribbonOut']);
    await rig.driver.stop();
  });

  it('is asked for where the driver saw no movement: the feeder by its sensor, or one of the two', async () => {
    for (const [feederSensors, reason] of [
      [true, 'feederEmpty'],
      [false, 'mediaOrRibbonOut'],
    ] as const) {
      const rig = await started({ printer: await outOfBlanks(), options: { feederSensors } });
      expect(await reasonsOf(rig)).toEqual([reason]);
      await rig.driver.stop();
    }
  });

  it('is asked for where the driver saw no movement: the ribbon by its mark', async () => {
    const first = await started();
    await first.driver.handlers.feedBlank(ktp);
    first.printer.strike('ribbonBreaks');
    await first.driver.handlers.printSide(side('front'));
    await first.driver.stop();
    const rig = await started({ printer: first.printer });
    expect(await reasonsOf(rig)).toEqual(['ribbonOut']);
    await rig.driver.stop();
  });
});
