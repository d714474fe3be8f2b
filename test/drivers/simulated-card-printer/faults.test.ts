import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import type { Driver } from '../../../drivers/contract/driver.ts';
import {
  cardPrinterFaults,
  isWhileFed,
  misreadings,
  type CardPrinterFault,
  type CardPrinterStep,
  type Misreading,
} from '../../../drivers/simulated-card-printer/faults.ts';
import {
  greySide,
  ktpBlanks,
  startCabinet,
  startCardPrinterDriver,
  type CabinetRig,
} from '../cabinet/cabinet-rig.ts';
import { disagreements } from '../cabinet/stock-balance.ts';

const FEED = { feeder: 'ktp', blankKind: 'ktpEl' };
const apdu = (apduHex: string) => ({ apduHex });

/** How to come to each step, how to take it, and what the record says once it has happened. */
const steps: Record<
  CardPrinterStep,
  {
    readonly before: (printer: Driver<'cardPrinter'>['handlers']) => Promise<unknown>;
    readonly take: (printer: Driver<'cardPrinter'>['handlers']) => Promise<unknown>;
    readonly moved: string | null;
  }
> = {
  feed: {
    before: () => Promise.resolve(),
    take: (printer) => printer.feedBlank(FEED),
    moved: 'blankFed',
  },
  encode: {
    before: async (printer) => {
      await printer.feedBlank(FEED);
      await printer.transmitToChip(apdu('00a4040005f0414e4a31'));
      await printer.transmitToChip(apdu('00a40000020101'));
    },
    take: (printer) => printer.transmitToChip(apdu('00d600000141')),
    moved: 'chipWritten',
  },
  verify: {
    before: (printer) => printer.feedBlank(FEED),
    take: (printer) => printer.transmitToChip(apdu('00b0000001')),
    moved: null,
  },
  print: {
    before: (printer) => printer.feedBlank(FEED),
    take: (printer) => printer.printSide(greySide('front')),
    moved: 'sidePrinted',
  },
  present: {
    before: (printer) => printer.feedBlank(FEED),
    take: (printer) => printer.presentCard({}),
    moved: 'cardPresented',
  },
  retract: {
    before: async (printer) => {
      await printer.feedBlank(FEED);
      await printer.presentCard({});
    },
    take: (printer) => printer.retractCard({}),
    moved: 'cardRetracted',
  },
  reject: {
    before: (printer) => printer.feedBlank(FEED),
    take: (printer) => printer.rejectCard({}),
    moved: 'cardRejected',
  },
};

const answers: Record<Exclude<CardPrinterFault, Misreading | 'doubleFeed'>, unknown> = {
  jam: { kind: 'commandError', errorCode: 'mediaJammed' },
  feederEmpty: { kind: 'commandError', errorCode: 'feederEmpty' },
  chipSilent: { kind: 'commandError', errorCode: 'chipSilent' },
  ribbonOut: { kind: 'commandError', errorCode: 'ribbonOut' },
  binFull: { kind: 'commandError', errorCode: 'binFull' },
  noAnswer: { kind: 'noAnswer' },
};

/** Completes when the armed fault has struck and the printer has done all that it is going to do. */
async function silence({ cabinet }: CabinetRig): Promise<void> {
  while (cabinet.printerFaults.list().length > 0) await new Promise((next) => setImmediate(next));
  await cabinet.printer.handle({ command: 'getStatus', params: {} });
}

const combinations = (Object.keys(cardPrinterFaults) as CardPrinterStep[]).flatMap((step) =>
  (cardPrinterFaults[step] as readonly CardPrinterFault[]).flatMap((fault) =>
    isWhileFed(fault) ? [] : (['before', 'after'] as const).map((when) => ({ step, fault, when })),
  ),
);

describe('a fault of the simulated card printer', () => {
  let rig: CabinetRig;
  let driver: Driver<'cardPrinter'>;
  /** The driver's own, so that its patience ends when the test says so. */
  let clock: FakeClock;

  beforeEach(async () => {
    rig = await startCabinet();
    rig.cabinet.printerHands.load('ktp', ktpBlanks(3));
    clock = new FakeClock();
    const started = await startCardPrinterDriver(rig.cabinet.socketPath, {}, clock);
    driver = started.driver;
  });
  afterEach(async () => {
    await driver.stop();
    await rig.stop();
  });

  it.each(combinations)(
    '$fault $when $step is answered as such, and the record says what moved',
    async ({ step, fault, when }) => {
      const { before, take, moved } = steps[step];
      await before(driver.handlers);
      rig.cabinet.printerFaults.arm({ step, fault, when, timesLeft: 1 });
      const from = rig.cabinet.record.length;

      const answer = take(driver.handlers);
      if (fault === 'noAnswer') {
        await silence(rig);
        clock.advance(120_000);
      }
      expect(await answer).toEqual({ ok: false, error: answers[fault] });

      const types = rig.cabinet.record.since(from).map(({ type }) => type);
      const partly = fault === 'ribbonOut' && when === 'after';
      const expected = [
        ...(when === 'after' && moved !== null ? [partly ? 'sidePartlyPrinted' : moved] : []),
        ...(fault === 'jam' ? ['jammed'] : []),
      ];
      expect(types).toEqual(expected);
      expect(disagreements(rig.cabinet.record.since(0), rig.cabinet.world)).toEqual([]);
    },
  );

  it('strikes as often as it was armed and no more', async () => {
    rig.cabinet.printerFaults.arm({
      step: 'feed',
      fault: 'feederEmpty',
      when: 'before',
      timesLeft: 2,
    });
    const ends = [];
    for (let round = 0; round < 3; round += 1) {
      ends.push((await driver.handlers.feedBlank(FEED)).ok);
    }
    expect(ends).toEqual([false, false, true]);
  });

  it('leaves a jam that refuses every movement until a technician clears it', async () => {
    rig.cabinet.printerFaults.arm({ step: 'print', fault: 'jam', when: 'after', timesLeft: 1 });
    const printer = driver.handlers;
    await printer.feedBlank(FEED);
    await printer.printSide(greySide('front'));
    const jammed = { ok: false, error: { kind: 'commandError', errorCode: 'mediaJammed' } };
    expect(await printer.presentCard({})).toEqual(jammed);
    expect(await printer.rejectCard({})).toEqual(jammed);
    expect(await printer.getStatus({})).toMatchObject({
      value: { state: 'hardwareError', media: 'jammed', requiredAction: 'clear' },
    });
    expect(rig.cabinet.printerHands.clearJam()).toMatchObject({
      value: { foundAt: 'transport', serial: 'KTP-000001', movedTo: 'rejectBin' },
    });
    expect(await printer.getStatus({})).toMatchObject({
      value: { media: 'notPresent', counters: { fed: 1, rejected: 1 } },
    });
  });

  it('does not know whether a card was presented that jammed on its way', async () => {
    rig.cabinet.printerFaults.arm({ step: 'present', fault: 'jam', when: 'before', timesLeft: 1 });
    await driver.handlers.feedBlank(FEED);
    await driver.handlers.presentCard({});
    const answer = await driver.handlers.lastPresentStatus({});
    expect(answer).toEqual({ ok: true, value: { presented: 'unknown' } });
  });
});

describe('the simulated card printer with blanks that do not fit', () => {
  const misread: Record<Misreading, unknown> = {
    wrongKindInFeeder: { serial: 'KTP-000001', blankKind: 'kia' },
    misreadSerial: { serial: 'XKTP-000001', blankKind: 'ktpEl' },
    unreadSerial: { serial: null, blankKind: 'ktpEl' },
  };
  it.each(misreadings)('tells what its reader makes of a blank struck by %s', async (fault) => {
    const rig = await startCabinet();
    rig.cabinet.printerHands.load('ktp', ktpBlanks(2));
    const { driver } = await startCardPrinterDriver(rig.cabinet.socketPath);
    rig.cabinet.printerFaults.arm({ step: 'feed', fault, when: 'after', timesLeft: 1 });
    expect(await driver.handlers.feedBlank(FEED)).toEqual({ ok: true, value: misread[fault] });
    expect(rig.cabinet.world.cardPrinter.transport?.serial).toBe('KTP-000001');
    await driver.handlers.rejectCard({});
    expect(await driver.handlers.feedBlank(FEED)).toEqual({
      ok: true,
      value: { serial: 'KTP-000002', blankKind: 'ktpEl' },
    });
    await driver.stop();
    await rig.stop();
  });

  it('counts two that leave the feeder together, lets neither be printed, and drops both into the bin', async () => {
    const rig = await startCabinet();
    rig.cabinet.printerHands.load('ktp', ktpBlanks(3));
    const { driver } = await startCardPrinterDriver(rig.cabinet.socketPath);
    const printer = driver.handlers;
    rig.cabinet.printerFaults.arm({
      step: 'feed',
      fault: 'doubleFeed',
      when: 'after',
      timesLeft: 1,
    });
    expect(await printer.feedBlank(FEED)).toMatchObject({ value: { serial: 'KTP-000001' } });
    expect(disagreements(rig.cabinet.record.since(0), rig.cabinet.world)).toEqual([]);
    await printer.rejectCard({});
    expect(await printer.getStatus({})).toMatchObject({
      value: { media: 'notPresent', counters: { fed: 2, rejected: 1 } },
    });
    const { rejectBin } = rig.cabinet.world.cardPrinter;
    expect(rejectBin.map(({ serial }) => serial)).toEqual(['KTP-000001', 'KTP-000002']);
    expect(disagreements(rig.cabinet.record.since(0), rig.cabinet.world)).toEqual([]);
    await driver.stop();
    await rig.stop();
  });

  it('tells the kind and the serial of a blank of the wrong kind, and holds it inside', async () => {
    const rig = await startCabinet();
    const [blank] = ktpBlanks(1);
    rig.cabinet.printerHands.load('kia', blank === undefined ? [] : [blank]);
    const { driver } = await startCardPrinterDriver(rig.cabinet.socketPath);
    expect(await driver.handlers.feedBlank({ feeder: 'kia', blankKind: 'kia' })).toEqual({
      ok: true,
      value: { serial: 'KTP-000001', blankKind: 'ktpEl' },
    });
    expect(rig.cabinet.world.cardPrinter.transport?.serial).toBe('KTP-000001');
    await driver.stop();
    await rig.stop();
  });

  it('takes a card that was handed out when a hand lays it into a feeder, and reads its number', async () => {
    const rig = await startCabinet();
    const { driver } = await startCardPrinterDriver(rig.cabinet.socketPath);
    rig.cabinet.printerHands.load('ktp', ktpBlanks(1));
    await driver.handlers.feedBlank(FEED);
    await driver.handlers.presentCard({});
    rig.cabinet.printerHands.takeCard();
    expect(rig.cabinet.printerHands.load('ktp', ktpBlanks(1))).toMatchObject({ ok: true });
    expect(await driver.handlers.feedBlank(FEED)).toEqual({
      ok: true,
      value: { serial: 'KTP-000001', blankKind: 'ktpEl' },
    });
    expect(disagreements(rig.cabinet.record.since(0), rig.cabinet.world)).toEqual([]);
    await driver.stop();
    await rig.stop();
  });

  it('feeds it unnoticed where it cannot read serials', async () => {
    const rig = await startCabinet({ profile: 'noSerialReader' });
    const [blank] = ktpBlanks(1);
    rig.cabinet.printerHands.load('kia', blank === undefined ? [] : [blank]);
    const { driver } = await startCardPrinterDriver(rig.cabinet.socketPath);
    const fed = await driver.handlers.feedBlank({ feeder: 'kia', blankKind: 'kia' });
    expect(fed).toEqual({ ok: true, value: { serial: null, blankKind: null } });
    await driver.stop();
    await rig.stop();
  });

  it('finds no chip in a KIA blank', async () => {
    const rig = await startCabinet();
    rig.cabinet.printerHands.load('kia', [{ kind: 'kia', batch: 'K1', serial: 'KIA-1' }]);
    const { driver } = await startCardPrinterDriver(rig.cabinet.socketPath);
    await driver.handlers.feedBlank({ feeder: 'kia', blankKind: 'kia' });
    expect(await driver.handlers.transmitToChip(apdu('ffca000000'))).toEqual({
      ok: false,
      error: { kind: 'commandError', errorCode: 'chipSilent' },
    });
    await driver.stop();
    await rig.stop();
  });
});
