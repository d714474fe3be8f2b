import { describe, expect, it } from '@jest/globals';
import { ktp, notReady, refused, side, started } from './evolis-rig.ts';

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
    expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('garbled'));
    expect(printer.commands.filter((one) => one.startsWith('Si'))).toEqual([]);
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    await driver.stop();
  });

  it('is an answer that comes when the next question was asked, and is not taken for its answer', async () => {
    const { driver, bus } = await started();
    bus.withheld = 1;
    expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('silent'));
    // It says that no card is inside, and one is by the time it comes.
    expect((await driver.handlers.feedBlank(ktp)).ok).toBe(true);
    bus.withheld = 1;
    expect(await driver.handlers.presentCard({})).toEqual(notReady('silent'));
    bus.release();
    expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('mediaPresent'));
    await driver.stop();
  });

  it('is silence before anything moved', async () => {
    const { driver, bus, printer } = await started();
    bus.silent = true;
    expect(await driver.handlers.feedBlank(ktp)).toEqual(notReady('silent'));
    expect(printer.commands.filter((one) => one.startsWith('Si'))).toEqual([]);
    await driver.stop();
  });

  it('is silence after a movement, of which nothing follows', async () => {
    const { driver, bus } = await started();
    bus.busyAfter('Si');
    expect(await driver.handlers.feedBlank(ktp)).toEqual({
      ok: false,
      error: { kind: 'noAnswer' },
    });
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

  it('is a plane that went over in part, after which nothing more is sent', async () => {
    const { driver, printer, bus } = await started();
    await driver.handlers.feedBlank(ktp);
    bus.busyAfter('Sr');
    expect(await driver.handlers.printSide(side('front'))).toMatchObject({
      error: { kind: 'noAnswer' },
    });
    const sent = printer.commands.length;
    expect(await driver.handlers.rejectCard({})).toEqual(notReady('brokenStream'));
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
    expect(await driver.handlers.feedBlank(kia)).toEqual(notReady('outOfMedia'));
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
    const second = await started({ printer: first.printer });
    expect(await second.driver.handlers.printSide(side('front'))).toMatchObject({
      error: { kind: 'invalidData', reason: 'front after unknown' },
    });
    expect((await second.driver.handlers.rejectCard({})).ok).toBe(true);
    await second.driver.stop();
  });
});
