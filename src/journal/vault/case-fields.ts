import * as z from 'zod';

/** The personal fields that staff may need of a case, masked as far as they serve. */
export const caseFieldsSchema = z.strictObject({
  claimantName: z.string().max(200).optional(),
  subjectName: z.string().max(200).optional(),
  /** First six and last four digits. */
  maskedNik: z
    .string()
    .regex(/^\d{6}\*{6}\d{4}$/)
    .optional(),
  /** `Vault.personKey` of the claimant's NIK: equal for equal people, of no use elsewhere. */
  personKey: z
    .string()
    .regex(/^[\w-]{22}$/)
    .optional(),
  authority: z.string().max(40).optional(),
});
export type CaseFields = z.infer<typeof caseFieldsSchema>;
