import { describe, expect, it } from '@jest/globals';
import { calls } from './conversation.ts';
import { cutRegistry, shortPlan } from './cut.ts';
import { cutSignedDocument } from './signed-document.ts';

describe('a line to the registry that is cut anywhere in any call', () => {
  it('leaves the state that a whole line leaves, and one original out', async () => {
    const { points, violations, notes } = await cutRegistry(shortPlan, calls);
    expect(violations).toEqual([]);
    expect(points).toBeGreaterThan(calls.length * 4);
    expect(notes).toHaveLength(calls.length);
  }, 240_000);

  it('brings a signed KK whole or not at all', async () => {
    const { points, replyBytes, violations } = await cutSignedDocument(4_001);
    expect(violations).toEqual([]);
    expect(replyBytes).toBeGreaterThan(40_000);
    expect(points).toBeGreaterThan(replyBytes / 4_001);
  }, 60_000);
});
