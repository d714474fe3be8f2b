import * as z from 'zod';
import { kkNumberSchema } from './kk-number.ts';
import { nikSchema } from './nik.ts';

const line = z.string().max(200);

/** One row of a KK, as Permendagri 109/2019 lists the columns; `-` stands for "none". */
export const familyMemberSchema = z.strictObject({
  name: line,
  nik: nikSchema,
  sex: z.enum(['LAKI-LAKI', 'PEREMPUAN']),
  birthPlace: line,
  birthDate: z.string().regex(/^\d{2}-\d{2}-\d{4}$/),
  religion: line,
  education: line,
  occupation: line,
  bloodGroup: line,
  maritalStatus: line,
  marriageDate: line,
  relationship: line,
  nationality: line,
  passportNumber: line,
  kitapNumber: line,
  father: line,
  mother: line,
});
export type FamilyMember = z.infer<typeof familyMemberSchema>;

/** What a KK says. The registry composes and signs it; the terminal only prints the signed file. */
export const familyCardSchema = z.strictObject({
  kkNumber: kkNumberSchema,
  headOfFamily: line,
  address: line,
  rtRw: z.string().regex(/^\d{3}\/\d{3}$/),
  postalCode: line,
  village: line,
  district: line,
  regency: line,
  province: line,
  members: z.array(familyMemberSchema).min(1).max(30),
  issuedDate: z.string().regex(/^\d{2}-\d{2}-\d{4}$/),
  issuePlace: line,
  officerTitle: line,
  officerName: line,
  officerNip: line,
  verifyUrl: z.string().max(300),
});
export type FamilyCard = z.infer<typeof familyCardSchema>;
