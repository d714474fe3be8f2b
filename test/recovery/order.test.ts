import { describe, expect, it, jest } from '@jest/globals';
import { givenCommands } from './process/order.ts';
import { recordAndProve } from './process/proof.ts';

jest.setTimeout(600_000);

describe('a real core under trace', () => {
  it('flushes the intent of every kind of movement before its command, and loses no acknowledged row to a power cut', async () => {
    const acts = [
      'testCard',
      'replacement',
      'kk',
      'ribbonEnds',
      'oldCardGivenBack',
      'notCollected',
      'restartWithCards',
    ] as const;
    const { ends, proof, replayed } = await recordAndProve({ acts, stride: 80 });
    // Where the ribbon ends the blank is rejected, and the same session prints on another.
    expect(ends).toEqual([
      'printed',
      'delivered',
      'delivered',
      'delivered',
      'notPrinted',
      'retracted',
      null,
    ]);
    expect([...new Set(proof.commands)].sort()).toEqual([...givenCommands].sort());
    expect(proof.unannounced).toEqual([]);
    expect(replayed.violations).toEqual([]);
    expect(replayed.images).toBeGreaterThan(50);
  });
});

describe('the proof of order', () => {
  it('catches a core that writes an intent after its command', async () => {
    const { proof } = await recordAndProve({
      acts: ['kia'],
      stride: 0,
      mutant: 'mutant-late-intent',
    });
    expect(proof.unannounced).toContain('feedBlank');
  });

  it('catches a core that does not wait for the disk', async () => {
    const { proof, replayed } = await recordAndProve({
      acts: ['kia'],
      stride: 12,
      mutant: 'mutant-unflushed',
    });
    expect(proof.unannounced).toEqual(proof.commands);
    expect(proof.commands).toContain('feedBlank');
    expect(replayed.violations.join()).toContain('rows acknowledged');
  });
});
