import { describe, expect, it } from '@jest/globals';
import { nikSchema, parseNik } from '../../src/domain/nik.ts';

describe('a NIK', () => {
  it('is taken where the form holds, for men and women alike', () => {
    expect(parseNik('9912340101900001').ok).toBe(true);
    expect(parseNik('9912344101900001').ok).toBe(true);
  });

  it('may name 29 February when one of the two centuries had it', () => {
    expect(parseNik('9912342902000001').ok).toBe(true);
    expect(parseNik('9912342902010001')).toMatchObject({ ok: false, error: { kind: 'noSuchDay' } });
  });

  it.each([
    ['991234010190000', 'notSixteenDigits'],
    ['99123401019000011', 'notSixteenDigits'],
    ['99123401019O0001', 'notSixteenDigits'],
    ['0012340101900001', 'noProvince'],
    ['9912343201900001', 'noSuchDay'],
    ['9912340113900001', 'noSuchDay'],
    ['9912340001900001', 'noSuchDay'],
    ['9912347201900001', 'noSuchDay'],
    ['9912340101900000', 'noSerial'],
  ])('%s is refused as %s', (text, kind) => {
    expect(parseNik(text)).toEqual({ ok: false, error: { kind } });
    expect(nikSchema.safeParse(text).success).toBe(false);
  });
});
