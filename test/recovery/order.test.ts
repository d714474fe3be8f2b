import { describe, expect, it, jest } from '@jest/globals';
import { recordAndProve } from './process/proof.ts';

jest.setTimeout(600_000);

describe('a real core under trace', () => {
  it('flushes every intent before its command, and loses no acknowledged row to a power cut', async () => {
    const { ends, proof, replayed } = await recordAndProve({
      scripts: ['replacement', 'kk'],
      stride: 12,
    });
    expect(ends).toEqual(['delivered', 'delivered']);
    expect(proof.commands).toEqual([
      'acceptCard',
      'feedBlank',
      'printSide',
      'captureCard',
      'presentCard',
      'printPdf',
    ]);
    expect(proof.unannounced).toEqual([]);
    expect(replayed.violations).toEqual([]);
    expect(replayed.images).toBeGreaterThan(50);
  });
});

describe('the proof of order', () => {
  it('catches a core that writes an intent after its command', async () => {
    const { proof } = await recordAndProve({
      scripts: ['kia'],
      stride: 0,
      mutant: 'mutant-late-intent',
    });
    expect(proof.unannounced).toContain('feedBlank');
  });

  it('catches a core that does not wait for the disk', async () => {
    const { proof, replayed } = await recordAndProve({
      scripts: ['kia'],
      stride: 12,
      mutant: 'mutant-unflushed',
    });
    expect(proof.unannounced).toEqual(proof.commands);
    expect(proof.commands).toContain('feedBlank');
    expect(replayed.violations.join()).toContain('rows acknowledged');
  });
});
