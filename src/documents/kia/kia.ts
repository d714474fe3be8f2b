import { kiaFieldsSchema, type KiaFields } from '../../domain/card-fields.ts';
import { dayNumber, regionTitles, type CardDocument } from '../card-document.ts';
import { loadLayout } from '../layout/load-layout.ts';

const known = new Set([
  ...Object.keys(kiaFieldsSchema.shape),
  'provinceTitle',
  'regencyTitle',
  'verifyUrl',
]);

const layouts = {
  underFive: loadLayout('kia-under-5', known),
  fromFive: loadLayout('kia-5-to-17', known),
};

/** A year in the numbers of dayNumber. */
const YEAR = 10_000;

/** Permendagri 2/2016: no photo until the fifth birthday, a photo from then on. */
export function kiaHasPhoto(fields: Pick<KiaFields, 'birthDate' | 'issueDate'>): boolean {
  return dayNumber(fields.issueDate) - dayNumber(fields.birthDate) >= 5 * YEAR;
}

/** The front of a KIA, in the layout of the child's age on the day of issue. */
export function kiaDocument(fields: KiaFields, verifyUrl: string): CardDocument {
  const hasPhoto = kiaHasPhoto(fields);
  return {
    layout: hasPhoto ? layouts.fromFive : layouts.underFive,
    values: { ...fields, ...regionTitles(fields), verifyUrl },
    photo: hasPhoto ? 'required' : 'none',
    numbers: [fields.nik, fields.kkNumber],
  };
}
