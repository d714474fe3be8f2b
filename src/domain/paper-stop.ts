import * as z from 'zod';

/** Why a page printer does not go on with the job in it, in words that have a sentence on the citizen's screen. */
export const paperStopSchema = z.enum([
  'mediaJam',
  'coverOpen',
  'mediaEmpty',
  'outputAreaFull',
  'tonerEmpty',
  /** It may print or not: nobody hears it. */
  'noAnswer',
  /** Anything else that it calls a fault. */
  'fault',
]);
export type PaperStop = z.infer<typeof paperStopSchema>;
