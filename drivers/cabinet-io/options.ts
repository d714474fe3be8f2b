import * as z from 'zod';
import { cabinetSensorSchema, lightSchema } from '../contract/cabinet-io.ts';
import { placeOf, serialPlaceOptions } from '../serial-line/place.ts';

const eachOnce = <T extends z.ZodType>(one: T) =>
  z.array(one).refine((all) => new Set(all).size === all.length, 'the same twice');

const options = z.strictObject({
  ...serialPlaceOptions,
  baudRate: z.number().int().positive().default(115_200),
  /** What is fitted in this cabinet; the controller must have all of it. */
  sensors: eachOnce(cabinetSensorSchema),
  lights: eachOnce(lightSchema),
});
export const cabinetIoOptionsSchema = options.transform(placeOf<z.infer<typeof options>>);
export type CabinetIoOptions = z.infer<typeof cabinetIoOptionsSchema>;
