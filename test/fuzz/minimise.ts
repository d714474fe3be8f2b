import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import type { FuzzTarget } from './target.ts';

const require = createRequire(import.meta.url);

/**
 * The shortest inputs that together reach all that `inputs` reach in the bundle of a target: each block of code,
 * and each number of times (none, once, twice, up to 8, more) that an input goes through it.
 */
export async function minimise(bundle: string, inputs: readonly Buffer[]): Promise<Buffer[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const { fuzz } = require(bundle) as Pick<FuzzTarget, 'fuzz'>;
  const reached = new Set<string>();
  const kept: Buffer[] = [];
  for (const input of inputs.toSorted((a, b) => a.length - b.length || a.compare(b))) {
    // Counts from nought, as taking them sets them back.
    await session.post('Profiler.takePreciseCoverage');
    await fuzz(Buffer.from(input));
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const fresh = result
      .filter(({ url }) => url.endsWith(bundle))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .filter(({ count }) => count > 0)
      .map(({ startOffset, endOffset, count }) => `${startOffset}-${endOffset} ${often(count)}`)
      .filter((block) => !reached.has(block));
    if (fresh.length > 0) kept.push(input);
    for (const block of fresh) reached.add(block);
  }
  session.disconnect();
  return kept;
}

const often = (count: number): string => (count < 3 ? `${count}` : count <= 8 ? 'some' : 'many');
