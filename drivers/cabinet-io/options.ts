import * as z from 'zod';
import { cabinetSensorSchema, lightSchema } from '../contract/cabinet-io.ts';

const eachOnce = <T extends z.ZodType>(one: T) =>
  z.array(one).refine((all) => new Set(all).size === all.length, 'the same twice');

export const cabinetIoOptionsSchema = z.strictObject({
  /** The serial device, such as `/dev/serial/by-id/…`. */
  path: z.string(),
  baudRate: z.number().int().positive().default(115_200),
  /** What is fitted in this cabinet; the controller must have all of it. */
  sensors: eachOnce(cabinetSensorSchema),
  lights: eachOnce(lightSchema),
});
export type CabinetIoOptions = z.infer<typeof cabinetIoOptionsSchema>;
