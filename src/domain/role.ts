import * as z from 'zod';

/** What an account may be; a person may be several. */
export const roleSchema = z.enum([
  'administrator',
  'technician',
  'reviewer',
  'supervisor',
  'auditor',
]);
export type Role = z.infer<typeof roleSchema>;
