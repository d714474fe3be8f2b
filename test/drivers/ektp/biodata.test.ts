import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatBiodata, parseBiodata } from '../../../drivers/ektp/biodata.ts';
import { eKtpBiodataSchema, type EKtpBiodata } from '../../../drivers/contract/card-reader.ts';
import { siti } from './synthetic-card.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');
const fieldNames = Object.keys(eKtpBiodataSchema.shape) as (keyof EKtpBiodata)[];
/** Any text a field may hold: the reader trims blanks, so none at the ends. */
const field = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.trim());
const anyBiodata = fc.record(
  Object.fromEntries(fieldNames.map((name) => [name, field])),
) as fc.Arbitrary<EKtpBiodata>;

describe('the biodata file', () => {
  it('reads back whatever was written, through quotes, commas, apostrophes and padding', () => {
    const padding = fc.constantFrom(Buffer.alloc(0), Buffer.alloc(9), Buffer.alloc(9, 0xff));
    fc.assert(
      fc.property(anyBiodata, padding, (biodata, pad) => {
        const parsed = parseBiodata(Buffer.concat([bytesOf(formatBiodata(biodata)), pad]));
        expect(parsed).toEqual({ ok: true, value: { biodata, opaque: ['', '', '', ''] } });
      }),
    );
  });

  it('puts each of the 21 fields where the public order says, and keeps the unlabelled ones apart', () => {
    const numbered = Array.from({ length: 21 }, (_, index) => `"${index}"`).join(',');
    const parsed = parseBiodata(bytesOf(numbered));
    expect(parsed).toEqual({
      ok: true,
      value: {
        biodata: {
          nik: '0',
          address: '1',
          rt: '2',
          rw: '3',
          birthPlace: '4',
          district: '5',
          village: '6',
          regency: '7',
          sex: '8',
          bloodGroup: '9',
          religion: '10',
          maritalStatus: '11',
          occupation: '12',
          name: '13',
          birthDate: '14',
          province: '15',
          nationality: '19',
        },
        opaque: ['16', '17', '18', '20'],
      },
    });
  });

  it('takes a longer tail than is known today as opaque', () => {
    const parsed = parseBiodata(bytesOf(`${formatBiodata(siti)},"new","newer"`));
    expect(parsed.ok && parsed.value.opaque).toEqual(['', '', '', '', 'new', 'newer']);
    expect(parsed.ok && parsed.value.biodata).toEqual(siti);
  });

  it.each([
    ['a field without quotes', '"9901014107900001",JL. CONTOH', { kind: 'notQuoted', at: 19 }],
    ['a quote that is never closed', '"9901014107900001","JL', { kind: 'notQuoted', at: 19 }],
    ['fewer than 21 fields', '"a","b"', { kind: 'tooFewFields', count: 2 }],
    ['an empty file', '', { kind: 'notQuoted', at: 0 }],
  ])('refuses %s and says where', (_, text, error) => {
    expect(parseBiodata(bytesOf(text))).toEqual({ ok: false, error });
  });

  it('refuses bytes that are no text', () => {
    const bytes = Buffer.concat([bytesOf('"a'), Buffer.of(0xc3, 0x28), bytesOf('"')]);
    expect(parseBiodata(bytes)).toEqual({ ok: false, error: { kind: 'notText' } });
  });

  it('gives an answer to any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const parsed = parseBiodata(bytes);
        if (parsed.ok) expect(eKtpBiodataSchema.safeParse(parsed.value.biodata).success).toBe(true);
        else expect(['notText', 'notQuoted', 'tooFewFields']).toContain(parsed.error.kind);
      }),
    );
  });
});
