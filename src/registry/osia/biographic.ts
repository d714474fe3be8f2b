import { err, ok, type Result } from '../../base/result.ts';
import { cardFieldsSchema, type CardFields } from '../../domain/card-fields.ts';
import type { IncompleteDocument, RegistryTrouble } from '../ports.ts';
import { nonsense } from './call.ts';

interface Source {
  /** Name of the attribute in `biographicData`. */
  readonly attribute: string;
  readonly as: 'text' | 'date' | 'sex';
}

const text = (attribute: string): Source => ({ attribute, as: 'text' });
const date = (attribute: string): Source => ({ attribute, as: 'date' });

const person = {
  nik: text('nik'),
  name: text('fullName'),
  birthPlace: text('placeOfBirth'),
  birthDate: date('dateOfBirth'),
  sex: { attribute: 'gender', as: 'sex' },
  bloodGroup: text('bloodGroup'),
  address: text('address'),
  rtRw: text('rtRw'),
  village: text('village'),
  district: text('district'),
  regency: text('regency'),
  province: text('province'),
  religion: text('religion'),
  nationality: text('nationality'),
  issuePlace: text('issuePlace'),
  issueDate: date('issueDate'),
} as const satisfies Record<string, Source>;

type FieldsOf<K extends CardFields['documentKind']> = Exclude<
  keyof Extract<CardFields, { documentKind: K }>,
  'documentKind'
>;

/**
 * Where each printed field stands in `biographicData`, which OSIA leaves open. Names and forms are those of its
 * examples where it has any: dates as ISO 8601, gender as `M` or `F`. An attribute that is not here is not printed.
 */
export const sources: {
  readonly ktpEl: Readonly<Record<FieldsOf<'ktpEl'>, Source>>;
  readonly kia: Readonly<Record<FieldsOf<'kia'>, Source>>;
} = {
  ktpEl: {
    ...person,
    maritalStatus: text('maritalStatus'),
    occupation: text('occupation'),
    validUntil: { attribute: 'validUntil', as: 'date' },
  },
  kia: {
    ...person,
    kkNumber: text('familyCardNumber'),
    headOfFamily: text('headOfFamily'),
    birthCertificateNumber: text('birthCertificateNumber'),
    validUntil: date('validUntil'),
    officerTitle: text('officerTitle'),
    officerName: text('officerName'),
  },
};

const FOR_LIFE = 'SEUMUR HIDUP';
const sexes: ReadonlyMap<string, string> = new Map([
  ['M', 'LAKI-LAKI'],
  ['F', 'PEREMPUAN'],
]);

function printed(value: string, { as }: Source): string {
  switch (as) {
    case 'text':
      return value;
    case 'sex':
      return sexes.get(value) ?? value;
    case 'date':
      return value === FOR_LIFE ? value : value.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$3-$2-$1');
  }
}

/** The fields of a card as they are to stand on it. */
export function cardFieldsOf(
  documentKind: 'ktpEl' | 'kia',
  biographicData: Readonly<Record<string, unknown>>,
): Result<CardFields, IncompleteDocument | RegistryTrouble> {
  const fields: Record<string, string> = {};
  const missing: string[] = [];
  for (const [field, source] of Object.entries(sources[documentKind])) {
    const value = biographicData[source.attribute];
    if (typeof value === 'string' && value !== '') fields[field] = printed(value, source);
    else missing.push(source.attribute);
  }
  if (missing.length > 0) return err({ kind: 'incompleteDocument', missing });
  const read = cardFieldsSchema.safeParse({ documentKind, ...fields });
  return read.success ? ok(read.data) : nonsense('card fields of another shape');
}
