import { describe, expect, it } from '@jest/globals';
import { soak } from './soak.ts';

describe('a hundred and twenty sessions with faults, deaths and people between them', () => {
  it('keep every promise, leave no descriptor open, and fill at most 8 KiB of the disk each', async () => {
    const { violations, figures } = await soak(120, 1);
    expect(violations).toEqual([]);
    expect(figures.restarts).toBeGreaterThan(1);
    expect(figures.outcomes['diserahkan']).toBeGreaterThan(60);
    const [before, after] = figures.descriptors;
    expect(after).toBe(before);
    expect(figures.databaseBytesASession).toBeLessThanOrEqual(8 * 1024);
  }, 300_000);
});
