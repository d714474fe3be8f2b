import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Driver } from '../../../drivers/contract/driver.ts';
import { WatchedClock } from '../cabinet/watched-clock.ts';
import { startCabinet, startMotorReaderDriver, type CabinetRig } from '../cabinet/cabinet-rig.ts';

const UID = '04a1b2c3d4e5f6';
const ACCEPT = { expectedUidHex: UID, waitMs: 30_000 };

describe('a fault of the simulated slot', () => {
  let rig: CabinetRig;
  let driver: Driver<'cardReader'>;
  let events: Awaited<ReturnType<typeof startMotorReaderDriver>>['events'];
  /** The driver's own, so that its patience ends when the test says so. */
  let clock: WatchedClock;

  beforeEach(async () => {
    rig = await startCabinet();
    clock = new WatchedClock();
    const started = await startMotorReaderDriver(rig.cabinet.socketPath, {}, clock);
    driver = started.driver;
    events = started.events;
    rig.cabinet.motorReader.insert({ uidHex: UID });
  });
  afterEach(async () => {
    await driver.stop();
    await rig.stop();
  });

  const types = (): string[] => rig.cabinet.record.since(0).map(({ type }) => type);
  const arm = (
    step: 'accept' | 'capture' | 'return',
    fault: 'jam' | 'binFull' | 'noAnswer',
    when: 'before' | 'after',
  ): void => rig.cabinet.motorReaderFaults.arm({ step, fault, when, timesLeft: 1 });
  const refused = (errorCode: string) => ({
    ok: false,
    error: { kind: 'commandError', errorCode },
  });

  it('leaves the card in the mouth when the motor jams before it drew it in', async () => {
    arm('accept', 'jam', 'before');
    expect(await driver.handlers.acceptCard(ACCEPT)).toEqual(refused('mediaJammed'));
    expect(types()).toEqual(['slotJammed']);
    expect(rig.cabinet.world.motorReader.mouth?.uidHex).toBe(UID);
  });

  it('holds a card that it has drawn in without ever saying so', async () => {
    arm('accept', 'noAnswer', 'after');
    const answer = driver.handlers.acceptCard(ACCEPT);
    await rig.cabinet.record.next(0, ['oldCardDrawnIn'], 60_000);
    clock.advance(120_000);
    expect(await answer).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(types()).toEqual(['oldCardDrawnIn']);
    expect(await driver.handlers.getStatus({})).toMatchObject({ value: { card: 'held' } });
  });

  it('has captured a card although it then says that the bin is full', async () => {
    await driver.handlers.acceptCard(ACCEPT);
    arm('capture', 'binFull', 'after');
    expect(await driver.handlers.captureCard({})).toEqual(refused('binFull'));
    expect(types()).toEqual(['oldCardDrawnIn', 'oldCardCaptured']);
  });

  it('is rid of a card that fell into the bin, and says so, so that nobody waits for it to be taken', async () => {
    await driver.handlers.acceptCard(ACCEPT);
    const removed = events.heard('cardRemoved', () => true);
    await driver.handlers.captureCard({});
    await removed;
    expect(types()).toEqual(['oldCardDrawnIn', 'oldCardCaptured']);
  });

  it('has captured nothing when it says so before', async () => {
    await driver.handlers.acceptCard(ACCEPT);
    arm('capture', 'binFull', 'before');
    expect(await driver.handlers.captureCard({})).toEqual(refused('binFull'));
    expect(types()).toEqual(['oldCardDrawnIn']);
  });

  it('gives the card back to the mouth when a technician clears the jam', async () => {
    await driver.handlers.acceptCard(ACCEPT);
    arm('capture', 'jam', 'before');
    expect(await driver.handlers.captureCard({})).toEqual(refused('mediaJammed'));
    expect(await driver.handlers.getStatus({})).toMatchObject({
      value: { state: 'hardwareError', card: 'unknown', requiredAction: 'clear' },
    });
    expect(rig.cabinet.motorReader.clearJam()).toMatchObject({ ok: true, value: { uidHex: UID } });
    expect(rig.cabinet.motorReader.take()).toEqual({ ok: true, value: { uidHex: UID } });
    expect(rig.cabinet.motorReader.take()).toMatchObject({ error: { kind: 'nothingThere' } });
  });
});

describe('the simulated slot', () => {
  it('closes when the host that waited for a card goes away', async () => {
    const clock = new WatchedClock();
    const rig = await startCabinet({}, clock);
    const first = await startMotorReaderDriver(rig.cabinet.socketPath);
    const opening = clock.nextTimer();
    const accepted = first.driver.handlers.acceptCard({ expectedUidHex: null, waitMs: 100_000 });
    await opening;
    expect(rig.cabinet.motorReader.open).toBe(true);
    await first.driver.stop();
    expect(await accepted).toEqual({ ok: false, error: { kind: 'deviceGone' } });
    const second = await startMotorReaderDriver(rig.cabinet.socketPath, { retryMs: 10 });
    await second.events.heard('statusChanged', ({ state }) => state === 'online');
    rig.cabinet.motorReader.insert({ uidHex: UID });
    expect(rig.cabinet.record.since(0)).toEqual([]);
    expect(await second.driver.handlers.acceptCard(ACCEPT)).toMatchObject({ ok: true });
    await second.driver.stop();
    await rig.stop();
  });
});
