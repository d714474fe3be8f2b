import * as z from 'zod';

/** By what right the claimant collects a document: always the registry's answer, never computed here. */
export const authoritySchema = z.enum(['self', 'applicant', 'parent', 'wali', 'appointed']);
export type Authority = z.infer<typeof authoritySchema>;
