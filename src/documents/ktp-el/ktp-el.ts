import { ktpElFieldsSchema, type KtpElFields } from '../../domain/card-fields.ts';
import { regionTitles, type CardDocument } from '../card-document.ts';
import { loadLayout } from '../layout/load-layout.ts';

const known = new Set([
  ...Object.keys(ktpElFieldsSchema.shape),
  'provinceTitle',
  'regencyTitle',
  'verifyUrl',
]);

const layouts = {
  citizen: loadLayout('ktp-el', known),
  foreigner: loadLayout('ktp-el-wna', known),
};

/** The front of a KTP-el; the back is pre-printed. A foreign resident's card has English labels. */
export function ktpElDocument(fields: KtpElFields, verifyUrl: string): CardDocument {
  return {
    layout: fields.nationality === 'WNI' ? layouts.citizen : layouts.foreigner,
    values: { ...fields, ...regionTitles(fields), verifyUrl },
    photo: 'required',
    numbers: [fields.nik],
  };
}
