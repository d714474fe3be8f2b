import { describe, expect, it } from '@jest/globals';
import { calls } from './conversation.ts';
import { cutRegistry, shortPlan } from './cut.ts';

describe('a line to the registry that is cut anywhere in any call', () => {
  it('leaves the state that a whole line leaves, and one original out', async () => {
    const { points, violations, notes } = await cutRegistry(shortPlan, calls);
    expect(violations).toEqual([]);
    expect(points).toBeGreaterThan(calls.length * 2 * 4);
    expect(notes).toHaveLength(calls.length);
  }, 240_000);
});
