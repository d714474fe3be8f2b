import * as z from 'zod';
import { kkNumberSchema } from './kk-number.ts';
import { nikSchema } from './nik.ts';

/** Every value as it is to stand on the card: dates DD-MM-YYYY, names in capitals, `-` for unknown blood group. */
const line = z.string().max(200);
const dateText = z.string().regex(/^\d{2}-\d{2}-\d{4}$/);

const address = {
  address: line,
  rtRw: z.string().regex(/^\d{3}\/\d{3}$/),
  village: line,
  district: line,
  regency: line,
  province: line,
};

export const ktpElFieldsSchema = z.strictObject({
  documentKind: z.literal('ktpEl'),
  nik: nikSchema,
  name: line,
  birthPlace: line,
  birthDate: dateText,
  sex: z.enum(['LAKI-LAKI', 'PEREMPUAN']),
  bloodGroup: z.string().regex(/^(-|(A|B|AB|O)[+-]?)$/),
  ...address,
  religion: line,
  maritalStatus: line,
  occupation: line,
  nationality: line,
  validUntil: z.union([z.literal('SEUMUR HIDUP'), dateText]),
  issuePlace: line,
  issueDate: dateText,
});
export type KtpElFields = z.infer<typeof ktpElFieldsSchema>;

export const kiaFieldsSchema = z.strictObject({
  documentKind: z.literal('kia'),
  nik: nikSchema,
  name: line,
  birthPlace: line,
  birthDate: dateText,
  sex: z.enum(['LAKI-LAKI', 'PEREMPUAN']),
  bloodGroup: z.string().regex(/^(-|(A|B|AB|O)[+-]?)$/),
  kkNumber: kkNumberSchema,
  headOfFamily: line,
  birthCertificateNumber: line,
  ...address,
  religion: line,
  nationality: line,
  validUntil: dateText,
  issuePlace: line,
  issueDate: dateText,
  officerTitle: line,
  officerName: line,
});
export type KiaFields = z.infer<typeof kiaFieldsSchema>;

export const cardFieldsSchema = z.discriminatedUnion('documentKind', [
  ktpElFieldsSchema,
  kiaFieldsSchema,
]);
export type CardFields = z.infer<typeof cardFieldsSchema>;
