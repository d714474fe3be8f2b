import { assert } from '../../base/assert.ts';
import { cardFieldsSchema, type CardFields } from '../../domain/card-fields.ts';
import type { DocumentKind } from '../../domain/document.ts';
import { familyCardSchema, type FamilyCard } from '../../domain/family-card.ts';
import { addYears, ageOn, printedDate, type Family, type Person } from './people/person.ts';

export interface Household {
  readonly family: Family;
  /** In the order of the KK; the first is its head. */
  readonly members: readonly Person[];
}

const OFFICER_NAME = 'PEJABAT SPESIMEN, S.CONTOH';
const OFFICER_NIP = '990000000000000000';
const FOREIGNER_CARD_YEARS = 5;

export const officeOf = (family: Family): string => `DINAS DUKCAPIL ${family.regency} (SPESIMEN)`;
const officerTitleOf = (family: Family): string =>
  `KEPALA DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL ${family.regency}`;
const sexText = (person: Person) => (person.sex === 'L' ? 'LAKI-LAKI' : 'PEREMPUAN');
/** `KOTA SURABAYA` → `SURABAYA`, as the place of issue is written. */
const placeOf = (family: Family): string => family.regency.replace(/^(KABUPATEN|KOTA) /, '');

export function headOf(household: Household): Person {
  const head = household.members[0];
  assert(head !== undefined, 'a family without members');
  return head;
}

/** What is printed on a card, as of the ISO date `issuedOn`. */
export function cardFieldsOf(
  documentKind: Exclude<DocumentKind, 'kk'>,
  person: Person,
  household: Household,
  issuedOn: string,
): CardFields {
  const { family } = household;
  const shared = {
    nik: person.nik,
    name: person.name,
    birthPlace: person.birthPlace,
    birthDate: printedDate(person.birthDate),
    sex: sexText(person),
    bloodGroup: person.bloodGroup,
    address: family.address,
    rtRw: family.rtRw,
    village: family.village,
    district: family.district,
    regency: family.regency,
    province: family.province,
    religion: person.religion,
    nationality: person.nationality,
    issuePlace: placeOf(family),
    issueDate: printedDate(issuedOn),
  };
  if (documentKind === 'ktpEl') {
    const foreign = person.nationality !== 'WNI';
    return cardFieldsSchema.parse({
      documentKind,
      ...shared,
      maritalStatus: person.maritalStatus,
      occupation: person.occupation,
      validUntil: foreign ? printedDate(addYears(issuedOn, FOREIGNER_CARD_YEARS)) : 'SEUMUR HIDUP',
    });
  }
  return cardFieldsSchema.parse({
    documentKind,
    ...shared,
    kkNumber: family.kkNumber,
    headOfFamily: headOf(household).name,
    birthCertificateNumber: person.birthCertificateNumber,
    validUntil: printedDate(kiaValidUntil(person, issuedOn)),
    officerTitle: officerTitleOf(family),
    officerName: OFFICER_NAME,
  });
}

/** Until the fifth birthday without a photo, then until the day before the seventeenth (Permendagri 2/2016). */
function kiaValidUntil(child: Person, issuedOn: string): string {
  if (ageOn(child.birthDate, issuedOn) < 5) return addYears(child.birthDate, 5);
  const seventeenth = Date.parse(addYears(child.birthDate, 17));
  return new Date(seventeenth - 86_400_000).toISOString().slice(0, 10);
}

export function familyCardOf(
  household: Household,
  issuedOn: string,
  verifyUrl: string,
): FamilyCard {
  const { family, members } = household;
  return familyCardSchema.parse({
    kkNumber: family.kkNumber,
    headOfFamily: headOf(household).name,
    address: family.address,
    rtRw: family.rtRw,
    postalCode: family.postalCode,
    village: family.village,
    district: family.district,
    regency: family.regency,
    province: family.province,
    members: members.map((member) => ({
      name: member.name,
      nik: member.nik,
      sex: sexText(member),
      birthPlace: member.birthPlace,
      birthDate: printedDate(member.birthDate),
      religion: member.religion,
      education: member.education,
      occupation: member.occupation,
      bloodGroup: member.bloodGroup,
      maritalStatus: member.maritalStatus,
      marriageDate: member.marriageDate === null ? '-' : printedDate(member.marriageDate),
      relationship: member.relationship,
      nationality: member.nationality,
      passportNumber: member.passportNumber,
      kitapNumber: member.kitapNumber,
      father: member.father,
      mother: member.mother,
    })),
    issuedDate: printedDate(issuedOn),
    issuePlace: placeOf(family),
    officerTitle: officerTitleOf(family),
    officerName: OFFICER_NAME,
    officerNip: OFFICER_NIP,
    verifyUrl,
  });
}
