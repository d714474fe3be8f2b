import { describe, expect, it } from '@jest/globals';
import { runRace } from './race.ts';

describe('terminals that race for the same requests', () => {
  it('print each of them once, and tell those who lost that it is in progress elsewhere', async () => {
    const { violations, originals, told } = await runRace(10, 10);
    expect(violations).toEqual([]);
    expect(originals).toBe(11);
    expect(told).toEqual({ reservedElsewhere: 49 });
  }, 120_000);
});
