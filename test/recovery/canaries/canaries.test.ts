import { describe, expect, it } from '@jest/globals';
import { blindSpots, searchForCanaries } from './canaries.ts';

describe('what is left of citizens after their sessions', () => {
  it('is nothing on disk, in the log, in the environment, or within reach of the heap, no photo, card or PDF ever was in core, and none is in any of its children', async () => {
    const { violations } = await searchForCanaries(4, 0);
    expect(violations).toEqual([]);
  }, 300_000);
});

describe('a search for canaries', () => {
  const seeing = {
    heapInSession: 1,
    registry: 1,
    memoryOfHolder: ['dots of a card', 'photo', 'signed PDF'],
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
    { hostsSeen: 0 },
    { nikInCore: 0 },
  ])('fails where a control found nothing: %j', (blind) => {
    expect(blindSpots({ ...seeing, ...blind })).toHaveLength(1);
  });
});
