import { describe, expect, it } from '@jest/globals';
import { timeLimitsMs } from '../../src/session/time-limits.ts';
import { everythingWorks, SessionBench } from './bench.ts';

const withoutReader = {
  ...everythingWorks,
  ways: { ...everythingWorks.ways, eKtp: 'readerInMaintenance' as const },
};

describe('a card put on the reader before anybody can begin with it', () => {
  it('is read once the reader is well again', async () => {
    const bench = new SessionBench(withoutReader);
    await bench.tap();
    expect(bench.screen.name).toBe('welcome');
    bench.runner.setService(everythingWorks);
    await bench.settle();
    expect(bench.screen).toEqual({ name: 'enterPin', way: 'eKtp' });
    expect(bench.events[0]).toMatchObject({ kind: 'session.opened', trigger: 'card' });
  });

  it('is read once the terminal serves again', async () => {
    const bench = new SessionBench({ ...everythingWorks, outOfService: 'starting' });
    await bench.tap();
    bench.runner.setService(withoutReader);
    await bench.settle();
    expect(bench.screen.name).toBe('welcome');
    bench.runner.setService(everythingWorks);
    await bench.settle();
    expect(bench.screen).toEqual({ name: 'enterPin', way: 'eKtp' });
  });

  it('in the time of the goodbye waits until the welcome was shown to all who listen', async () => {
    const bench = new SessionBench();
    await bench.signInByNik();
    await bench.choose({ kind: 'cancel' });
    const shown: string[] = [];
    bench.runner.onView(({ screen }) => shown.push(screen.name));
    await bench.tap();
    expect(bench.screen.name).toBe('goodbye');
    await bench.pass(timeLimitsMs.goodbye);
    expect(shown).toEqual(['welcome', 'readingCard', 'enterPin']);
  });

  it('and taken away again begins nothing', async () => {
    const bench = new SessionBench(withoutReader);
    await bench.tap();
    bench.reader.emit('cardRemoved', {});
    bench.runner.setService(everythingWorks);
    await bench.settle();
    expect(bench.screen.name).toBe('welcome');
    expect(bench.events).toEqual([]);
  });
});

it('a card that was read and left behind is not read for the next citizen', async () => {
  const bench = new SessionBench();
  await bench.tap();
  await bench.choose({ kind: 'cancel' });
  expect(bench.screen.name).toBe('takeYourCard');
  await bench.pass(timeLimitsMs.takeYourCard);
  await bench.pass(timeLimitsMs.goodbye);
  bench.runner.setService(withoutReader);
  bench.runner.setService(everythingWorks);
  await bench.settle();
  expect(bench.screen.name).toBe('welcome');
});
