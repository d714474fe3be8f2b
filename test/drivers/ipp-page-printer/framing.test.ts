import { describe, expect, it } from '@jest/globals';
import ipp from '@sealsystems/ipp';
import fc from 'fast-check';
import { isWellFramed } from '../../../drivers/ipp-page-printer/framing.ts';
import { parseResponse } from '../../../drivers/ipp-page-printer/transport.ts';

const HEAD = '020000000000000101';
const answer = (hex: string): Buffer => Buffer.from(`${HEAD}${hex}`, 'hex');
/** An attribute named `a`. */
const attribute = (tag: string, value: string): string => {
  const length = (value.length / 2).toString(16).padStart(4, '0');
  return `${tag}000161${length}${value}`;
};

const whole = ipp.serialize({
  version: '2.0',
  statusCode: 'successful-ok',
  id: 1,
  'operation-attributes-tag': {
    'attributes-charset': 'utf-8',
    'attributes-natural-language': 'en',
  },
  'printer-attributes-tag': {
    'printer-state': 'idle',
    'printer-state-reasons': ['media-jam-error', 'toner-low-report'],
    'printer-is-accepting-jobs': true,
    'media-col-default': { 'media-size': { 'x-dimension': 21_000, 'y-dimension': 29_700 } },
  },
});

describe('the framing of an IPP answer', () => {
  it('is right where a printer kept to RFC 8010, and its parser reads that', () => {
    expect(isWellFramed(whole)).toBe(true);
    expect(parseResponse(whole)).toMatchObject({
      ok: true,
      value: {
        statusCode: 'successful-ok',
        'printer-attributes-tag': {
          'printer-state-reasons': ['media-jam-error', expect.anything()],
        },
      },
    });
  });

  it.each([
    ['a negative length, over which the parser would run for ever', '48fff5'],
    ['a length beyond the end', '4400016100ff61'],
    ['an integer of five bytes', attribute('21', '0000000001')],
    ['a boolean of none', attribute('22', '')],
    ['an out-of-band value with bytes', attribute('13', '00')],
    ['a tag that no standard has', attribute('60', '61')],
    ['an extension tag', attribute('7f', '0000000061')],
    ['two strings with language that do not fill their value', attribute('35', '0002656e00016161')],
    ['a negative length within a value', attribute('36', 'fffe656e000161')],
    ['a group that no standard has', '0f'],
    ['nothing that ends it', attribute('44', '61')],
  ])('is wrong with %s', (_what, hex) => {
    const wrong = answer(`${hex}${_what === 'nothing that ends it' ? '' : '03'}`);
    expect(isWellFramed(wrong)).toBe(false);
    expect(parseResponse(wrong)).toEqual({ ok: false, error: { kind: 'notIpp' } });
  });

  it('is right with each kind of value of the standard', () => {
    const values: readonly (readonly [tag: string, value: string])[] = [
      ['10', ''],
      ['12', ''],
      ['13', ''],
      ['21', '00000001'],
      ['22', '01'],
      ['23', '00000003'],
      ['30', 'ff'],
      ['31', '07ea0105090000002b0700'],
      ['32', '0000012c0000012c03'],
      ['33', '0000000100000002'],
      ['35', '0002656e000161'],
      ['36', '0002656e000161'],
      ['41', '61'],
      ['42', '61'],
      ['44', '61'],
      ['45', '61'],
      ['47', '61'],
      ['48', '61'],
      ['49', '61'],
    ];
    for (const [tag, value] of values) {
      expect([tag, isWellFramed(answer(`${attribute(tag, value)}03`))]).toEqual([tag, true]);
    }
    expect(isWellFramed(answer('03'))).toBe(true);
  });

  it('is wrong wherever the attributes are cut', () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(isWellFramed(whole.subarray(0, length))).toBe(false);
    }
  });

  it('lets nothing through that the parser does not come to an end with', () => {
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 3, 0x21, 0x34, 0x37, 0x4a, 0xff));
    const change = fc.tuple(fc.nat(whole.length - 1), byte);
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes.writeUInt8(value, at);
        const read = parseResponse(bytes);
        if (!read.ok) expect(read.error).toEqual({ kind: 'notIpp' });
      }),
      { numRuns: 2_000 },
    );
  });
});
