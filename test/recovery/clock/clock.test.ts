import { describe, expect, it } from '@jest/globals';
import { jumpClock } from './clock.ts';

describe('a wall clock that jumps by a day', () => {
  it('shortens no session that runs, stops issuance with a sentence, and serves again once it is right', async () => {
    const { points, violations } = await jumpClock([
      ['+1d', 'enterPin'],
      ['-1d', 'takeCard'],
    ]);
    expect(violations).toEqual([]);
    expect(points).toBe(2);
  }, 300_000);
});
