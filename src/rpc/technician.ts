import * as z from 'zod';
import { terminalStatusSchema } from './terminal-status.ts';

/** What a program of the technician may ask on `run/technician.sock`: the folder's owner and mode are its key. */
export const technicianToCoreSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('status') }),
]);
export type TechnicianToCore = z.infer<typeof technicianToCoreSchema>;

export const coreToTechnicianSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('status'), status: terminalStatusSchema }),
]);
export type CoreToTechnician = z.infer<typeof coreToTechnicianSchema>;
