import * as z from 'zod';
import { ippAddressOptions } from '../ipp/printer-facts.ts';

const feederSchema = z.strictObject({
  name: z.string().min(1),
  blankKind: z.string().min(1),
  /** IPP keyword of the hopper (`media-source`); null where the printer has one only. */
  source: z.string().min(1).nullable().default(null),
});

export const ippCardPrinterOptionsSchema = z
  .strictObject({
    ...ippAddressOptions,
    feeders: z.array(feederSchema).min(1),
  })
  .refine(({ feeders }) => new Set(feeders.map(({ name }) => name)).size === feeders.length, {
    error: 'two feeders have one name',
    path: ['feeders'],
  })
  .refine(({ feeders }) => feeders.length === 1 || feeders.every(({ source }) => source !== null), {
    error: 'of several feeders each needs its source',
    path: ['feeders'],
  });
export type IppCardPrinterOptions = z.infer<typeof ippCardPrinterOptionsSchema>;
export type ConfiguredFeeder = IppCardPrinterOptions['feeders'][number];
