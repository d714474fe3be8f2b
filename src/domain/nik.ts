import * as z from 'zod';
import { err, ok, type Result } from '../base/result.ts';

/**
 * NIK: 16 digits, region of first registration (6), birth date DDMMYY with 40 added to the day for
 * women, serial from 0001 (PP 40/2019 articles 30 and 33). There is no check digit. A NIK may lawfully
 * disagree with a corrected birth date or carry a retired region, so only the form is refused here.
 */
export const nikSchema = z
  .string()
  .refine((text) => faultOf(text) === null, { error: 'not a NIK' })
  .brand<'Nik'>();
export type Nik = z.infer<typeof nikSchema>;

export type NikError =
  | { readonly kind: 'notSixteenDigits' }
  | { readonly kind: 'noProvince' }
  | { readonly kind: 'noSuchDay' }
  | { readonly kind: 'noSerial' };

export function parseNik(text: string): Result<Nik, NikError> {
  const fault = faultOf(text);
  return fault === null ? ok(text as Nik) : err(fault);
}

function faultOf(text: string): NikError | null {
  if (!/^\d{16}$/.test(text)) return { kind: 'notSixteenDigits' };
  if (text.startsWith('00')) return { kind: 'noProvince' };
  if (!isDayOfSomeCentury(text.slice(6, 12))) return { kind: 'noSuchDay' };
  return text.endsWith('0000') ? { kind: 'noSerial' } : null;
}

/** DDMMYY that exists in 19YY or 20YY; two digits of a year cannot say which. */
function isDayOfSomeCentury(ddmmyy: string): boolean {
  const written = Number(ddmmyy.slice(0, 2));
  const day = written > 40 ? written - 40 : written;
  const month = Number(ddmmyy.slice(2, 4));
  const year = Number(ddmmyy.slice(4, 6));
  return [1900, 2000].some((century) => {
    const date = new Date(Date.UTC(century + year, month - 1, day));
    return day > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  });
}

/** What staff may see of it: enough to hold against a card, too little to look anybody up by. */
export const maskNik = (nik: Nik): string => `${nik.slice(0, 6)}******${nik.slice(-4)}`;

/** Province 99 is allocated to nobody: in specimen mode it is the only one, in live mode it is refused. */
export const isSpecimenNumber = (number: string): boolean => number.startsWith('99');
