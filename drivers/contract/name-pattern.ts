import * as z from 'zod';

/** A regular expression for the name that a reader has at its daemon. */
export const namePatternSchema = z
  .string()
  .min(1)
  .refine(isRegularExpression, 'not a regular expression');

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
