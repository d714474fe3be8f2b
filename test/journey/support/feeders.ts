import * as z from 'zod';
import type { LooseBlank } from '../../../drivers/simulated-card-printer/parts.ts';
import type { Stack } from '../../../scripts/stack/stack.ts';

const blank = z.object({
  kind: z.enum(['ktpEl', 'ktpElWna', 'kia']),
  batch: z.string(),
  serial: z.string(),
});
const state = z.object({
  cardPrinter: z.object({
    feeders: z.array(z.object({ name: z.string(), blanks: z.array(blank) })),
  }),
});

/** Takes every blank out of the feeder, by hand, and returns them in the order they lay in. */
export async function takeOut(
  { panel }: Pick<Stack, 'panel'>,
  feeder: string,
): Promise<readonly LooseBlank[]> {
  const { cardPrinter } = await panel.get('/api/state', state);
  const found = cardPrinter.feeders.find(({ name }) => name === feeder)?.blanks ?? [];
  await panel.post('/api/feeder/empty', { feeder });
  return found;
}

/** Lays blanks into the feeder, the first to be fed first. */
export async function putIn(
  { panel }: Pick<Stack, 'panel'>,
  feeder: string,
  blanks: readonly LooseBlank[],
): Promise<void> {
  await panel.post('/api/feeder/load', { feeder, blanks });
}
