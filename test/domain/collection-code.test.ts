import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newCollectionCode, parseCollectionCode } from '../../src/domain/collection-code.ts';

describe('a collection code', () => {
  it('is read back as it was made', () => {
    const code = newCollectionCode();
    expect(parseCollectionCode(code)).toEqual({ ok: true, value: code });
  });

  it('is told from other things a citizen may scan', () => {
    for (const text of [
      'https://example.test/ANJ1.A',
      '',
      'ANJ1.',
      'anj1.aaaa',
      '9912340101900001',
    ]) {
      expect(parseCollectionCode(text)).toEqual({
        ok: false,
        error: { kind: 'notACollectionCode' },
      });
    }
  });

  it('is refused as misread when one character of it changed, in all but one case of a thousand', () => {
    let missed = 0;
    const tries = 2000;
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    for (let i = 0; i < tries; i += 1) {
      const code = newCollectionCode();
      const at = 5 + (i % 26);
      const other = letters.charAt((letters.indexOf(code.charAt(at)) + 1 + (i % 31)) % 32);
      if (parseCollectionCode(code.slice(0, at) + other + code.slice(at + 1)).ok) missed += 1;
    }
    // The check is 10 bits wide: about 2 of 2000 slip through, and the registry refuses those.
    expect(missed).toBeLessThan(20);
  });

  it('never throws, whatever was scanned', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !parseCollectionCode(text).ok));
  });
});
