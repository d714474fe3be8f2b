import type { Clock } from '../../base/clock.ts';
import { ok, type Result } from '../../base/result.ts';
import type { HeadKeeper, JournalHead } from '../../registry/ports.ts';
import type { Verdict } from '../../rpc/console.ts';

const PAGE_MS = 8_000;
/** Heads of many years come in hundreds of pages. */
const ALL_PAGES_MS = 60_000;

export type Compared = Pick<Verdict, 'keptHeads' | 'unanchoredBecause'>;

/**
 * Hands every head that the registry keeps to `hold`, page by page, so that heads of years never pile up
 * on core's loop. Where the registry cannot be asked to the end the rest is missing, and the reason said.
 */
export async function holdKeptHeads<E>(
  keeper: HeadKeeper,
  hold: (heads: JournalHead[]) => Promise<Result<unknown, E>>,
  clock: Clock,
): Promise<Result<Compared, E>> {
  const end = clock.monotonicMs() + ALL_PAGES_MS;
  let keptHeads: Compared['keptHeads'] = null;
  for (;;) {
    const leftMs = end - clock.monotonicMs();
    if (leftMs <= 0) return ok({ keptHeads, unanchoredBecause: 'noAnswer' });
    const deadlineMs = Math.min(PAGE_MS, leftMs);
    const page = await keeper.readHeads(keptHeads?.newest.size ?? 0, { deadlineMs });
    if (!page.ok) return ok({ keptHeads, unanchoredBecause: page.error.kind });
    const { heads, more } = page.value;
    const held = await hold([...heads]);
    if (!held.ok) return held;
    keptHeads = withPage(keptHeads, heads);
    if (!more)
      return ok({ keptHeads, unanchoredBecause: keptHeads === null ? 'nothingKept' : null });
  }
}

function withPage(
  before: Compared['keptHeads'],
  heads: readonly JournalHead[],
): Compared['keptHeads'] {
  const [oldest] = heads;
  const newest = heads.at(-1);
  if (oldest === undefined || newest === undefined) return before;
  const { size, head, at } = newest;
  return {
    count: (before?.count ?? 0) + heads.length,
    since: before?.since ?? oldest.at,
    newest: { size, head, at },
  };
}
