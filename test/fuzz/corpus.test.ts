import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lineOf, readCorpus, targetNames } from './corpus.ts';
import { mutants } from './mutants.ts';
import type { FuzzTarget } from './target.ts';

const root = path.resolve(import.meta.dirname, '../..');

const targetOf = async (name: string): Promise<FuzzTarget> =>
  ((await import(`./targets/${name}.ts`)) as { readonly target: FuzzTarget }).target;

/** A kept input cut short, or with garbage over, between or behind its bytes. */
const spoiltOf = (corpus: readonly Buffer[]) =>
  fc
    .tuple(fc.constantFrom(...corpus), fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 12 }))
    .map(([input, from, over, garbage]) => {
      const at = from % (input.length + 1);
      const rest = over % (input.length + 1);
      return Buffer.concat([input.subarray(0, at), garbage, input.subarray(rest)]);
    });

describe.each(targetNames())('the parser of %s', (name) => {
  it('keeps its promises on every input that was kept', async () => {
    const { fuzz, maxBytes } = await targetOf(name);
    const corpus = readCorpus(name);
    expect(corpus.length).toBeGreaterThan(0);
    for (const input of corpus) {
      expect(input.length).toBeLessThanOrEqual(maxBytes);
      await expect(Promise.resolve(input).then(fuzz)).resolves.toBeUndefined();
    }
  });

  it('keeps them on spoilt ones, and on any bytes at all', async () => {
    const { fuzz } = await targetOf(name);
    const bytes = fc.oneof(
      spoiltOf(readCorpus(name)),
      fc.uint8Array({ maxLength: 200 }).map((any) => Buffer.from(any)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (input) => {
        await fuzz(input);
      }),
      { numRuns: 200 },
    );
  });

  it('has a mutant by which the fuzzer is proved', () => {
    const planted = mutants.filter(({ target }) => target === name);
    expect(planted).not.toEqual([]);
    for (const { file, good } of planted) {
      expect(readFileSync(path.join(root, file), 'utf8').split(good)).toHaveLength(2);
    }
  });
});

describe('a corpus', () => {
  it('is read back as it was written, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (any) => {
        const line = lineOf(Buffer.from(any));
        expect(line).toMatch(/^"[ -~]*"$/);
        expect(Buffer.from(JSON.parse(line) as string, 'latin1').equals(any)).toBe(true);
      }),
    );
  });

  it('belongs to a target', () => {
    const targets = targetNames();
    expect(targets.length).toBeGreaterThan(10);
    expect(mutants.filter(({ target }) => !targets.includes(target))).toEqual([]);
  });
});
