import type { Traced } from './trace.ts';

/** One thing that a power cut may leave of writes that nobody flushed. */
export interface PowerCut {
  readonly name: string;
  readonly survived: readonly Traced[];
}

const SECTOR = 512;
/** Beyond this many pending writes every n-th is taken. */
const AT_MOST = 14;

/** The first `bytes` bytes of a write. */
const torn = (one: Traced, bytes: number): Traced => ({
  ...one,
  data: one.data.subarray(0, bytes),
});

const isTearable = ({ op, data }: Traced): boolean => op === 'pwrite' && data.length > SECTOR;

/**
 * What may be left of pending writes, oldest first: nothing, each prefix, each prefix with its last write
 * torn at sectors, each one missing among the others, each one alone, and the later half without the earlier.
 */
export function* powerCutsOf(pending: readonly Traced[]): Generator<PowerCut> {
  yield { name: 'nothing', survived: [] };
  const stride = Math.max(1, Math.ceil(pending.length / AT_MOST));
  for (let n = stride; n <= pending.length; n += stride) {
    const prefix = pending.slice(0, n);
    const last = prefix.at(-1);
    yield { name: `first ${n}`, survived: prefix };
    if (last !== undefined && isTearable(last)) {
      for (const bytes of new Set([
        SECTOR,
        sectors(last.data.length / 2),
        sectors(last.data.length - 1),
      ])) {
        const cut = [...prefix.slice(0, -1), torn(last, bytes)];
        yield { name: `first ${n}, the last torn at ${bytes}`, survived: cut };
      }
    }
    if (last === undefined || pending.length === 1) continue;
    yield { name: `all but ${n}`, survived: pending.filter((one) => one !== last) };
    yield { name: `only ${n}`, survived: [last] };
  }
  const half = Math.floor(pending.length / 2);
  if (half > 0) yield { name: 'the later half', survived: pending.slice(half) };
}

const sectors = (bytes: number): number => Math.max(SECTOR, Math.floor(bytes / SECTOR) * SECTOR);

/** One of them, the same for the same number. */
export function onePowerCut(pending: readonly Traced[], number: number): PowerCut {
  const all = [...powerCutsOf(pending)];
  const chosen = all[number % all.length];
  if (chosen === undefined) throw new Error('there is always the cut that leaves nothing');
  return chosen;
}
