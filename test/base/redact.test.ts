import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/base/redact.ts';
import { whereOf } from '../../src/base/where-of.ts';

describe('a line of somebody else’s program', () => {
  it.each([
    ['a NIK', 'card 9912340101900001 gone', 'card … gone'],
    ['the UID of a card', 'uid=04A1B2C3D4', 'uid=…'],
    ['an APDU in bytes', '-> 00 A4 04 00 07 D2', '-> …'],
    ['bytes with colons', 'ATR 3b:80:80:01:01', 'ATR …'],
    ['a PIN of six digits', 'got 123456', 'got …'],
    ['a scanned code', 'read ANJ1.ABCDEFGHIJKLMNOPQRSTUVWXYZ from it', 'read … from it'],
  ])('is kept without %s', (_, line, kept) => {
    expect(redact(line)).toBe(kept);
  });

  it('keeps what tells a maintainer where to look', () => {
    const line = 'winscard_clnt.c:287 SCardConnect() failed: 0x8010 in driver.ts:123:45';
    expect(redact(line)).toBe(line);
  });
});

describe('an error that ends a process', () => {
  it('is told by name, code and places, and so is its cause, but never by its message', () => {
    const cause = Object.assign(new RangeError('NIK 9912340101900001'), { code: 'ERR_X' });
    const told = whereOf(new TypeError('PIN 123456', { cause }));
    expect(told).toMatch(/^TypeError\n\s+at /);
    expect(told).toMatch(/\ncaused by RangeError ERR_X\n\s+at /);
    expect(told).not.toMatch(/99123|123456/);
  });

  it('is told as little when it is no error at all', () => {
    expect(whereOf('NIK 9912340101900001')).toBe('threw a string');
  });
});
