import { describe, expect, it } from '@jest/globals';
import { brokenBars } from './figures.ts';
import { soak } from './soak.ts';

describe('four hundred sessions with faults, deaths and people between them', () => {
  // Too few for the slope of the memory, which is a bar of the long run alone; enough for that of the disk,
  // on which the first hundred sessions fill pages that are there.
  it('keep every promise, leave no descriptor open, and fill at most 8 KiB of the disk each', async () => {
    const { violations, figures } = await soak(400, 1);
    expect(violations).toEqual([]);
    expect(figures.restarts).toBeGreaterThan(1);
    expect(figures.outcomes['diserahkan']).toBeGreaterThan(200);
  }, 300_000);
});

describe('the bars of a run', () => {
  const held = {
    sessions: 5_000,
    rssBytesASession: 1_024,
    descriptors: [30, 30],
    databaseBytesASession: 8_192,
  } as const;

  it('are held by what just reaches them', () => {
    expect(brokenBars(held)).toEqual([]);
  });

  it.each([
    [{ rssBytesASession: 1_025 }, 'memory grows by 1025 bytes a session, more than 1024'],
    [
      { databaseBytesASession: 8_193 },
      'the database grows by 8193 bytes a session, more than 8192',
    ],
    [{ descriptors: [30, 31] as const }, '30 descriptors became 31'],
  ])('are broken by %j', (more, violation) => {
    expect(brokenBars({ ...held, ...more })).toEqual([violation]);
  });

  it('say nothing of the memory of a run that is too short', () => {
    expect(brokenBars({ ...held, sessions: 4_999, rssBytesASession: 100_000 })).toEqual([]);
  });
});
