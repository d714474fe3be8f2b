import * as z from 'zod';
import { assert } from '../../base/assert.ts';

/**
 * One kind of event: what it is called (`area.object.pastVerb`), what it means in one sentence, and
 * exactly which data it holds. Data outside the shape are refused, not dropped.
 */
export const event = <const K extends string, S extends z.ZodRawShape>(
  kind: K,
  meaning: string,
  shape: S,
) => {
  assert(!('kind' in shape), `${kind} has a member that would hide its kind`);
  return z.strictObject({ kind: z.literal(kind), ...shape }).describe(meaning);
};
