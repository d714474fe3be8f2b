import * as z from 'zod';

/**
 * Nomor KK: 16 digits, region (6), date of recording DDMMYY, serial. It cannot be told from a NIK by
 * its shape, so nothing here decides which of the two a number is.
 */
export const kkNumberSchema = z
  .string()
  .regex(/^(?!00)\d{12}(?!0000)\d{4}$/)
  .brand<'KkNumber'>();
export type KkNumber = z.infer<typeof kkNumberSchema>;
