import { describe, expect, it } from '@jest/globals';
import { blindSpots, searchForCanaries } from './canaries.ts';
import { brokenBars, type Growth } from './growth.ts';

describe('what is left of citizens after their sessions', () => {
  it('is nothing on disk, in the log, in the environment, or within reach of the heap, no photo, card or PDF ever was in core, and none is in any of its children', async () => {
    const { violations } = await searchForCanaries(3, 0);
    expect(violations).toEqual([]);
  }, 300_000);
});

describe('a search for canaries', () => {
  const seeing = {
    heapInSession: 1,
    registry: 1,
    memoryOfHolder: ['dots of a card', 'photo', 'signed PDF'],
    memoryOfHosts: ['dots of a card', 'photo on the e-KTP', 'signed PDF'],
    hostsSeen: 1,
    nikInCore: 1,
  };

  it('is not blind where every control found something', () => {
    expect(blindSpots(seeing)).toEqual([]);
  });

  it.each([
    { heapInSession: 0 },
    { registry: 0 },
    { memoryOfHolder: ['dots of a card', 'photo'] },
    { memoryOfHosts: ['dots of a card', 'signed PDF'] },
    { hostsSeen: 0 },
    { nikInCore: 0 },
  ])('fails where a control found nothing: %j', (blind) => {
    expect(blindSpots({ ...seeing, ...blind })).toHaveLength(1);
  });
});

describe('what a real core holds', () => {
  const look = (session: number, more: Partial<Growth> = {}): Growth => ({
    session,
    rssBytes: 100_000_000,
    heapBytes: 30_000_000,
    descriptors: 49,
    processes: 2,
    databaseBytes: 0,
    ...more,
  });
  const looks = (last: Partial<Growth>): Growth[] => [
    ...[20, 40, 60, 80].map((session) => look(session)),
    look(100, last),
  ];

  it('stays where it was after the first sessions', () => {
    expect(brokenBars(looks({ descriptors: 48 }))).toEqual([]);
  });

  it.each([
    [{ descriptors: 50 }, '49 descriptors became 50 by session 100'],
    [{ processes: 3 }, '2 processes became 3 by session 100'],
    [{ heapBytes: 32_000_000 }, 'the heap of core grows by 20000 bytes a session, more than 16384'],
    [
      { rssBytes: 110_000_000 },
      'the memory of core grows by 100000 bytes a session, more than 65536',
    ],
  ])('breaks a bar with %j', (last, violation) => {
    expect(brokenBars(looks(last))).toEqual([violation]);
  });

  it('says nothing of the memory of a run that is all warm-up', () => {
    const warming = [look(5), look(10, { rssBytes: 120_000_000, heapBytes: 40_000_000 })];
    expect(brokenBars(warming)).toEqual([]);
  });

  it('is not taken for well where nobody looked', () => {
    expect(brokenBars([])).toEqual(['nobody looked at core']);
  });
});
