import * as z from 'zod';
import { kkNumberSchema } from '../../../domain/kk-number.ts';
import { nikSchema } from '../../../domain/nik.ts';

const isoDate = z.iso.date();

/** Where a person is at the office alone: why is never said at a terminal. */
export const standingSchema = z.enum(['ordinary', 'moved', 'deceased', 'protected', 'duplicate']);
export type Standing = z.infer<typeof standingSchema>;

export const relationshipSchema = z.enum([
  'KEPALA KELUARGA',
  'SUAMI',
  'ISTRI',
  'ANAK',
  'MENANTU',
  'CUCU',
  'ORANG TUA',
  'FAMILI LAIN',
]);
export type Relationship = z.infer<typeof relationshipSchema>;

/** One resident as the registry stores them; texts in capitals, dates ISO 8601. */
export const personSchema = z.strictObject({
  personId: z.string(),
  nik: nikSchema,
  kkNumber: kkNumberSchema,
  /** Row on the KK, from 1. */
  position: z.number().int(),
  name: z.string(),
  sex: z.enum(['L', 'P']),
  birthPlace: z.string(),
  birthDate: isoDate,
  bloodGroup: z.string(),
  religion: z.string(),
  education: z.string(),
  occupation: z.string(),
  maritalStatus: z.string(),
  marriageDate: isoDate.nullable(),
  relationship: relationshipSchema,
  nationality: z.string(),
  passportNumber: z.string(),
  kitapNumber: z.string(),
  father: z.string(),
  mother: z.string(),
  birthCertificateNumber: z.string(),
  /** UID of the card this person carries, lower-case hexadecimal; meaningless without its SAM. */
  ektpUid: z.string(),
  phone: z.string(),
  email: z.string(),
  standing: standingSchema,
});
export type Person = z.infer<typeof personSchema>;

export const familySchema = z.strictObject({
  kkNumber: kkNumberSchema,
  address: z.string(),
  rtRw: z.string(),
  postalCode: z.string(),
  village: z.string(),
  district: z.string(),
  regency: z.string(),
  province: z.string(),
});
export type Family = z.infer<typeof familySchema>;

/** Full years of age on `on`, both ISO dates. */
export function ageOn(birthDate: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return on.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** `2026-01-05` → `05-01-2026`, as documents print it. */
export const printedDate = (iso: string): string => iso.split('-').reverse().join('-');

/** ISO date in Western Indonesian Time of a moment in milliseconds since the Unix epoch. */
export const dateOf = (at: number): string =>
  new Date(at + 7 * 3_600_000).toISOString().slice(0, 10);

/** Adds whole years; 29 February becomes 28 February where the year has none. */
export function addYears(iso: string, years: number): string {
  const year = Number(iso.slice(0, 4)) + years;
  const candidate = `${year}${iso.slice(4)}`;
  return z.iso.date().safeParse(candidate).success ? candidate : `${year}-02-28`;
}
