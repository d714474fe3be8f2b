import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const folder = path.join(import.meta.dirname, 'corpus');
const fileOf = (target: string): string => path.join(folder, `${target}.jsonl`);

/** The names of all targets: the files of `targets/`. */
export const targetNames = (): readonly string[] =>
  readdirSync(path.join(import.meta.dirname, 'targets'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.basename(file, '.ts'))
    .sort();

/** An input as it stands in a corpus file: a JSON string, each character a byte (Latin-1). */
export const lineOf = (input: Buffer): string =>
  JSON.stringify(input.toString('latin1')).replace(
    /[\x7f-\xff]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );

/** The kept inputs of a target; none where there is no file yet. */
export function readCorpus(target: string): readonly Buffer[] {
  const file = fileOf(target);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Buffer.from(z.string().parse(JSON.parse(line)), 'latin1'));
}

/** Shortest first, so that a change of the corpus reads well. */
export function writeCorpus(target: string, inputs: readonly Buffer[]): void {
  const lines = inputs.toSorted((a, b) => a.length - b.length || a.compare(b)).map(lineOf);
  writeFileSync(fileOf(target), lines.map((line) => `${line}\n`).join(''));
}
