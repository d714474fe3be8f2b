import { describe, expect, it } from '@jest/globals';
import { race } from './race.ts';

describe('terminals that race for the same requests', () => {
  it('print each of them once, and tell those who lost that it is in progress elsewhere', async () => {
    const { violations, originals, told } = await race(10, 10);
    expect(violations).toEqual([]);
    expect(originals).toBe(10);
    expect(told).toEqual({ reservedElsewhere: 40 });
  }, 120_000);
});
