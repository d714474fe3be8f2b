import type { Layout } from './layout/layout.ts';
import type { Values } from './layout/template.ts';

/** What a card of one kind is made from, once its folder has looked at the fields. */
export interface CardDocument {
  readonly layout: Layout;
  readonly values: Values;
  /** Whether this layout holds a photo: then there must be one, else there must be none. */
  readonly photo: 'required' | 'none';
  /** Every NIK and KK number on the card, for the rule of province 99. */
  readonly numbers: readonly string[];
}

/** `PROVINSI …`, `KABUPATEN …` or `KOTA …`, whether or not the name brings the word along. */
export function regionTitles(region: { readonly province: string; readonly regency: string }): {
  readonly provinceTitle: string;
  readonly regencyTitle: string;
} {
  const { province, regency } = region;
  return {
    provinceTitle: /^PROVINSI\b/.test(province) ? province : `PROVINSI ${province}`,
    regencyTitle: /^(KABUPATEN|KOTA)\b/.test(regency) ? regency : `KABUPATEN ${regency}`,
  };
}

/** The date `DD-MM-YYYY` as a number that sorts like the date: 20260105. */
export function dayNumber(date: string): number {
  const [day = '', month = '', year = ''] = date.split('-');
  return Number(`${year}${month}${day}`);
}

/** Midnight UTC of `DD-MM-YYYY`. */
export function dayStart(date: string): Date {
  const [day, month, year] = date.split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1));
}
