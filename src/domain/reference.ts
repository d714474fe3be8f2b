import * as z from 'zod';

/**
 * An identifier given by another system (a request id, a receipt id): opaque to us, and never a carrier
 * of personal data. Anything shaped like a NIK, a KK number or a collection code is refused at the edge.
 */
export const referenceSchema = z
  .string()
  .max(64)
  .regex(/^(?!.*\d{16})(?!ANJ1\.)[A-Za-z0-9][A-Za-z0-9._:/-]*$/)
  .meta({ title: 'reference' });
export type Reference = z.infer<typeof referenceSchema>;
