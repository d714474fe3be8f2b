import * as z from 'zod';

/** The steps that a print goes through; which of them, and in which order, depends on the document. */
export const printStepSchema = z.enum([
  'reserving',
  'checking',
  'feeding',
  'encoding',
  'printing',
  'verifying',
  'checkingHolder',
  'capturingOldCard',
  'presenting',
]);
export type PrintStep = z.infer<typeof printStepSchema>;
