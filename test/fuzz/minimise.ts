import { Session, type Profiler } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import type { FuzzTarget } from './target.ts';

const require = createRequire(import.meta.url);

/**
 * The shortest inputs that together reach all that `inputs` reach in the bundle of a target: each stretch of code
 * that V8 counts apart for any of them, and each number of times (once, twice, up to 8, more) that one goes through.
 */
export async function minimise(bundle: string, inputs: readonly Buffer[]): Promise<Buffer[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const { fuzz } = require(bundle) as Pick<FuzzTarget, 'fuzz'>;
  const taken: Taken[] = [];
  for (const input of inputs.toSorted((a, b) => a.length - b.length || a.compare(b))) {
    // Counts from nought, as taking them sets them back.
    await session.post('Profiler.takePreciseCoverage');
    await fuzz(Buffer.from(input));
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const ours = result.filter(({ url }) => url.endsWith(bundle));
    taken.push({ input, functions: ours.flatMap(({ functions }) => functions) });
  }
  session.disconnect();
  return shortestOf(taken);
}

interface Taken {
  readonly input: Buffer;
  readonly functions: readonly Profiler.FunctionCoverage[];
}

function shortestOf(taken: readonly Taken[]): Buffer[] {
  const cuts = new Map<string, Set<number>>();
  for (const one of taken.flatMap(({ functions }) => functions)) {
    const known = cuts.get(placeOf(one)) ?? new Set();
    for (const { startOffset, endOffset } of one.ranges) known.add(startOffset).add(endOffset);
    cuts.set(placeOf(one), known);
  }
  const reached = new Set<string>();
  return taken.flatMap(({ input, functions }) => {
    const fresh = functions
      .flatMap((one) => stretchesOf(one, cuts.get(placeOf(one)) ?? new Set()))
      .filter((stretch) => !reached.has(stretch));
    for (const stretch of fresh) reached.add(stretch);
    return fresh.length > 0 ? [input] : [];
  });
}

const placeOf = ({ ranges: [whole] }: Profiler.FunctionCoverage): string =>
  `${whole?.startOffset ?? 0}-${whole?.endOffset ?? 0}`;

/**
 * What ran of a function, cut wherever any input made V8 cut it: a block that ran as often as what is around it has
 * no range of its own. Inner ranges come after outer ones.
 */
function stretchesOf({ ranges }: Profiler.FunctionCoverage, cuts: ReadonlySet<number>): string[] {
  return [...cuts].flatMap((at) => {
    const count = ranges.findLast(
      (range) => range.startOffset <= at && at < range.endOffset,
    )?.count;
    return count === undefined || count === 0 ? [] : [`${at} ${often(count)}`];
  });
}

const often = (count: number): string => (count < 3 ? `${count}` : count <= 8 ? 'some' : 'many');
