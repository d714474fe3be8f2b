import * as z from 'zod';

/** Hundredths of a millimetre (PWG 5100.7 media-col). */
export interface MediaSize {
  readonly 'x-dimension': number;
  readonly 'y-dimension': number;
}

/** A dimension may be a range where the printer cuts or takes any size (PWG 5100.13 §5.4, media-size-supported). */
const dimensionSchema = z.union([z.number().int(), z.tuple([z.number().int(), z.number().int()])]);
const sizeSchema = z.object({ 'x-dimension': dimensionSchema, 'y-dimension': dimensionSchema });

/** The sizes a printer lists; those that break the form are left out, null where it lists none. */
export const mediaSizesSchema = z
  .unknown()
  .optional()
  .transform((value) =>
    value === undefined
      ? null
      : [value].flat().flatMap((size) => sizeSchema.safeParse(size).data ?? []),
  );
export type ListedMediaSize = z.infer<typeof sizeSchema>;

/**
 * The size to ask for: the listed one that is no further than `tolerance` from the wanted in both dimensions,
 * as listed, or the wanted itself where a range holds it or nothing is listed. Null: the printer has no such.
 */
export function sizeToAskFor(
  listed: readonly ListedMediaSize[] | null,
  wanted: MediaSize,
  tolerance: number,
): MediaSize | null {
  if (listed === null) return wanted;
  for (const size of listed) {
    const x = fitting(size['x-dimension'], wanted['x-dimension'], tolerance);
    const y = fitting(size['y-dimension'], wanted['y-dimension'], tolerance);
    if (x !== null && y !== null) return { 'x-dimension': x, 'y-dimension': y };
  }
  return null;
}

function fitting(
  listed: z.infer<typeof dimensionSchema>,
  wanted: number,
  tolerance: number,
): number | null {
  if (typeof listed === 'number') return Math.abs(listed - wanted) <= tolerance ? listed : null;
  const [least, most] = listed;
  return wanted >= least && wanted <= most ? wanted : null;
}
