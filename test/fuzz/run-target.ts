import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { bundleTarget } from './bundle.ts';
import { readCorpus } from './corpus.ts';
import type { Jazzer } from './jazzer/find-jazzer.ts';
import type { Mutant } from './mutants.ts';
import type { FuzzTarget } from './target.ts';

/** An input that takes longer hangs. libFuzzer counts in whole seconds; ours take far less than a millisecond. */
const HANG_SECONDS = 5;

export interface TargetRun {
  readonly executions: number;
  /** Broken promises, exceptions, and more memory than an input may cost. The fuzzer stops at the first. */
  readonly crashes: readonly Buffer[];
  readonly hangs: readonly Buffer[];
  /** What it went on from, with what it found on the way. */
  readonly inputs: readonly Buffer[];
  /** Of the fuzzer, for whoever has to read how it died. */
  readonly log: string;
}

export interface TargetRunOptions {
  readonly jazzer: Jazzer;
  readonly folder: string;
  readonly seconds: number;
  readonly mutant?: Mutant;
}

/** Runs the fuzzer on one target, beginning with its corpus. Completes when the time is over or something was found. */
export async function runTarget(
  name: string,
  { jazzer, folder, seconds, mutant }: TargetRunOptions,
): Promise<TargetRun> {
  const module = (await import(`./targets/${name}.ts`)) as { readonly target: FuzzTarget };
  const place = path.join(folder, mutant === undefined ? name : `${name}.mutant`);
  rmSync(place, { recursive: true, force: true });
  const corpus = path.join(place, 'corpus');
  const found = path.join(place, 'found');
  for (const made of [corpus, found]) mkdirSync(made, { recursive: true });
  for (const input of readCorpus(name)) {
    writeFileSync(path.join(corpus, createHash('sha1').update(input).digest('hex')), input);
  }
  const bundle = path.join(place, 'target.cjs');
  await bundleTarget(name, bundle, mutant);
  const isAsync = module.target.fuzz.constructor.name === 'AsyncFunction';
  const log = await outputOf(
    [
      ...jazzer.nodeArgs,
      ...[bundle, corpus, ...(isAsync ? [] : ['--sync'])],
      // By parts of paths. Without `excludes` it leaves out all packages.
      ...[bundle, ...(module.target.packages ?? [])].map((part) => `--includes=${part}`),
      '--excludes=/none/',
      // Milliseconds; Jazzer.js hands it on in seconds.
      ...[`--timeout=${HANG_SECONDS * 1_000}`, '--'],
      ...[`-max_total_time=${seconds}`, `-max_len=${module.target.maxBytes}`],
      ...[`-artifact_prefix=${found}/`, '-print_final_stats=1', '-use_value_profile=1'],
    ],
    path.join(place, 'log'),
    { ...process.env, ...jazzer.env },
  );
  const executions = [...log.matchAll(/number_of_executed_units: (\d+)/g)].at(-1)?.[1];
  const inputsIn = (place: string, kind: RegExp): Buffer[] =>
    readdirSync(place)
      .filter((file) => kind.test(file))
      .map((file) => readFileSync(path.join(place, file)));
  return {
    executions: Number(executions ?? 0),
    crashes: inputsIn(found, /^(crash|oom|leak)-/),
    hangs: inputsIn(found, /^timeout-/),
    inputs: inputsIn(corpus, /^/),
    log,
  };
}

/**
 * All that the child writes, once it has ended, however it did. It writes into a file: Node makes a pipe
 * non-blocking, and the fuzzer loses lines on one that is full.
 */
function outputOf(args: readonly string[], file: string, env: NodeJS.ProcessEnv): Promise<string> {
  const output = openSync(file, 'w');
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', output, output] });
  closeSync(output);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(readFileSync(file, 'utf8')));
  });
}
