import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { openFoundation } from '../../src/core/foundation.ts';
import { startupErrorLines } from '../../src/core/startup-error.ts';
import { TerminalFolder } from '../cli/support/terminal-folder.ts';
import { day, runBefore } from './core-before.ts';

let folder: TerminalFolder;
beforeEach(async () => {
  folder = await TerminalFolder.make();
});
afterEach(() => folder.remove());

describe('a clock', () => {
  async function foundationAt(startMs: number) {
    const at = new FakeClock(startMs);
    const opened = await openFoundation(folder.data, at);
    if (!opened.ok) throw new Error(startupErrorLines(opened.error).join('\n'));
    const { clockGuard, journal, folder: data } = opened.value;
    let changes = 0;
    clockGuard.start(
      () => (changes += 1),
      (cause) => {
        throw cause;
      },
    );
    const said = () =>
      journal
        .rows(1, journal.size())
        .map(({ event }) => event)
        .filter(({ kind }) => kind.startsWith('clock.'));
    const close = async (): Promise<void> => {
      await clockGuard.stop();
      data.close();
    };
    return { at, clockGuard, said, close, changes: () => changes };
  }
  const minutes = (n: number): number => n * 60_000;
  const noon = Date.UTC(2026, 5, 1, 5);

  it('set to 1970 is not believed from the first moment, and believed once it is set right', async () => {
    const { at, clockGuard, said, close, changes } = await foundationAt(0);
    expect(clockGuard.trusted()).toBe(false);
    at.setWallClock(noon);
    at.advance(10_000);
    expect(clockGuard.trusted()).toBe(true);
    await clockGuard.stop();
    expect(said().map(({ kind }) => kind)).toEqual(['clock.distrusted', 'clock.trusted']);
    expect(changes()).toBe(1);
    await close();
  });

  it('behind the record by a day is not believed', async () => {
    const clock = new FakeClock();
    await runBefore(folder.data, clock, day);
    const { clockGuard, said, close } = await foundationAt(clock.now() - minutes(24 * 60));
    expect(clockGuard.trusted()).toBe(false);
    await clockGuard.stop();
    expect(said()).toMatchObject([{ kind: 'clock.distrusted', reason: 'behindRecord' }]);
    await close();
  });

  it.each([
    ['ahead', minutes(24 * 60)],
    ['back', -minutes(24 * 60)],
    ['just over five minutes', minutes(5) + 1],
  ])('that jumps %s stops service, and service resumes when it is back', async (_, byMs) => {
    const { at, clockGuard, said, close, changes } = await foundationAt(noon);
    at.advance(minutes(10));
    expect(clockGuard.trusted()).toBe(true);
    at.setWallClock(at.now() + byMs);
    at.advance(10_000);
    expect(clockGuard.trusted()).toBe(false);
    at.setWallClock(at.now() - byMs);
    at.advance(10_000);
    expect(clockGuard.trusted()).toBe(true);
    await clockGuard.stop();
    expect(said()).toEqual([
      { kind: 'clock.distrusted', reason: 'jumped', offMs: byMs },
      { kind: 'clock.trusted', offMs: 0 },
    ]);
    expect(changes()).toBe(2);
    await close();
  });

  it('that is corrected by half a minute goes on serving, and the step is on record', async () => {
    const { at, clockGuard, said, close } = await foundationAt(noon);
    at.setWallClock(at.now() + 30_000);
    at.advance(10_000);
    expect(clockGuard.trusted()).toBe(true);
    await clockGuard.stop();
    expect(said()).toEqual([{ kind: 'clock.jumped', byMs: 30_000 }]);
    await close();
  });

  it('that is an hour apart from the registry is not believed, though it never jumped', async () => {
    const { at, clockGuard, said, close } = await foundationAt(noon);
    clockGuard.noteRegistryTime(at.now() - minutes(60));
    expect(clockGuard.trusted()).toBe(false);
    at.setWallClock(at.now() - minutes(60));
    at.advance(10_000);
    expect(clockGuard.trusted()).toBe(true);
    await clockGuard.stop();
    expect(said()[0]).toEqual({
      kind: 'clock.distrusted',
      reason: 'apartFromRegistry',
      offMs: minutes(60),
    });
    await close();
  });

  it('set ahead before the start may serve, and is confirmed only once the registry bears it out', async () => {
    const { at, clockGuard, close } = await foundationAt(noon);
    const tenYears = 10 * 365 * minutes(24 * 60);
    at.advance(minutes(10));
    expect([clockGuard.trusted(), clockGuard.confirmed()]).toEqual([true, false]);
    clockGuard.noteRegistryTime(at.now() - tenYears);
    expect([clockGuard.trusted(), clockGuard.confirmed()]).toEqual([false, false]);
    at.setWallClock(at.now() - tenYears);
    at.advance(10_000);
    expect([clockGuard.trusted(), clockGuard.confirmed()]).toEqual([true, true]);
    at.setWallClock(at.now() + tenYears);
    // Between two looks: what removes for good may not wait for the next.
    expect([clockGuard.trusted(), clockGuard.confirmed()]).toEqual([true, false]);
    await close();
  });
});
