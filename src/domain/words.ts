import * as z from 'zod';

/** An identifier made by `newId`: a short prefix and 80 random bits. */
export const ownId = z
  .string()
  .max(32)
  .regex(/^[a-z]{2,8}_[A-Z2-7]{16}$/)
  .meta({ title: 'identifier' });

/** A word of a program or a standard, such as `mediaJammed` or `media-empty-error`; never six digits in a row. */
export const code = z
  .string()
  .max(80)
  .regex(/^(?!.*\d{6})[a-z][A-Za-z0-9.-]*$/)
  .meta({ title: 'code' });

/** A serial or batch number pre-printed on a blank. */
export const stockNumber = z
  .string()
  .max(40)
  .regex(/^(?!.*\d{16})(?!ANJ1\.)[A-Za-z0-9][A-Za-z0-9./-]*$/)
  .meta({ title: 'stock number' });
