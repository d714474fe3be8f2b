import * as z from 'zod';
import { openFaultSchema } from './wire.ts';

/** What `drivers/host/check-devices.ts` prints: one entry for each device that a host could not open. */
export const deviceCheckSchema = z.array(
  z.strictObject({ device: z.string(), fault: openFaultSchema }),
);
export type DeviceCheck = z.infer<typeof deviceCheckSchema>;
