import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { FaultHistory } from '../../src/devices/fault-history.ts';

const HOUR = 3_600_000;
let clock: FakeClock;
let history: FaultHistory;

beforeEach(() => {
  clock = new FakeClock();
  history = new FaultHistory(clock);
});

const faults = (count: number): void => {
  for (let at = 0; at < count; at += 1) history.fault();
};

describe('the trend of a device', () => {
  it('is none where nothing failed', () => {
    clock.advance(30 * HOUR);
    expect(history.trend()).toEqual({
      faultsLastHour: 0,
      faultsLastDay: 0,
      restartsLastDay: 0,
      direction: 'none',
    });
  });

  it('counts the last hour and the last day, each to the millisecond, and restarts beside faults', () => {
    faults(2);
    history.restart();
    clock.advance(HOUR - 1);
    expect(history.trend()).toMatchObject({ faultsLastHour: 2, faultsLastDay: 2 });
    clock.advance(1);
    expect(history.trend()).toMatchObject({ faultsLastHour: 0, faultsLastDay: 2 });
    clock.advance(23 * HOUR - 1);
    expect(history.trend()).toMatchObject({ faultsLastDay: 2, restartsLastDay: 1 });
    clock.advance(1);
    expect(history.trend()).toMatchObject({ faultsLastDay: 0, restartsLastDay: 0 });
  });

  it('is unknown as long as there is no hour to compare with', () => {
    faults(9);
    clock.advance(2 * HOUR - 1);
    expect(history.trend().direction).toBe('unknown');
    clock.advance(1);
    expect(history.trend().direction).toBe('better');
  });

  it('is worse where an hour has more than twice the usual, and at least two', () => {
    clock.advance(10 * HOUR);
    faults(1);
    expect(history.trend().direction).toBe('steady');
    faults(1);
    expect(history.trend().direction).toBe('worse');
  });

  it('is steady at the usual rate, and better below half of it', () => {
    for (let hour = 0; hour < 10; hour += 1) {
      faults(4);
      clock.advance(HOUR);
    }
    expect(history.trend()).toMatchObject({ faultsLastHour: 0, direction: 'better' });
    // Forty in the nine hours before the last one.
    faults(2);
    expect(history.trend().direction).toBe('better');
    faults(1);
    expect(history.trend().direction).toBe('steady');
    faults(5);
    expect(history.trend().direction).toBe('steady');
    faults(1);
    expect(history.trend().direction).toBe('worse');
  });

  it('does not move with the clock on the wall', () => {
    faults(1);
    clock.setWallClock(clock.now() + 400 * 24 * HOUR);
    expect(history.trend().faultsLastHour).toBe(1);
  });

  it('holds no more than a thousand faults, the newest', () => {
    faults(600);
    clock.advance(2 * HOUR);
    faults(600);
    expect(history.trend()).toMatchObject({ faultsLastHour: 600, faultsLastDay: 1_000 });
  });
});
