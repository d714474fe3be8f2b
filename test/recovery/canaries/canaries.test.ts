import { describe, expect, it } from '@jest/globals';
import { searchForCanaries } from './canaries.ts';

describe('what is left of citizens after their sessions', () => {
  it('is nothing on disk, in the log, in the environment, or within reach of the heap, and no photo, card or PDF ever was in core', async () => {
    const { violations, controls } = await searchForCanaries(4, 0);
    expect(violations).toEqual([]);
    expect(controls.heapInSession).toBeGreaterThan(0);
    expect(controls.registry).toBeGreaterThan(0);
    expect(controls.memoryOfHolder).toEqual(['dots of a card', 'photo', 'signed PDF']);
    expect(controls.nikInCore).toBeGreaterThan(0);
  }, 300_000);
});
