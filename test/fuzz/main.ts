import path from 'node:path';
import { parseArgs } from 'node:util';
import { lineOf, targetNames, writeCorpus } from './corpus.ts';
import { findJazzer } from './jazzer/find-jazzer.ts';
import { minimise } from './minimise.ts';
import { mutants } from './mutants.ts';
import { runTarget, type TargetRun } from './run-target.ts';

/**
 * `npm run fuzz -- [--seconds N] [--keep] [TARGET…]` gives each target N seconds (10), and with `--keep` takes
 * into its corpus what reached new code. `npm run fuzz -- --prove` plants the mutants and wants each found.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '10' },
    keep: { type: 'boolean', default: false },
    prove: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const unknown = positionals.filter((name) => !targetNames().includes(name));
if (unknown.length > 0 || !Number.isInteger(seconds) || seconds < 1) {
  process.stderr.write(
    `Use: npm run fuzz -- [--seconds N] [--keep | --prove] [${targetNames().join(' | ')}]\n`,
  );
  process.exit(2);
}
const isAsked = (name: string): boolean => positionals.length === 0 || positionals.includes(name);

const folder = path.resolve(import.meta.dirname, '../../out/fuzz');
const jazzer = findJazzer(path.join(folder, 'jazzer'));
if (!jazzer.ok) {
  process.stdout.write(
    `SKIPPED, NOTHING WAS FUZZED: ${jazzer.error}\n0 targets, 0 executions, 0 crashes, 0 hangs\n`,
  );
  process.exit(1);
}
if (!jazzer.value.asPublished) {
  process.stdout.write(
    'glibc is older than Jazzer.js wants: it runs on a copy that does without\n',
  );
}
const options = { jazzer: jazzer.value, folder, seconds };
process.exitCode = values.prove ? await prove() : await fuzz();

async function fuzz(): Promise<number> {
  const names = targetNames().filter(isAsked);
  const runs: TargetRun[] = [];
  let broken = 0;
  for (const name of names) {
    const run = await runTarget(name, options);
    runs.push(run);
    const { executions, crashes, hangs } = run;
    process.stdout.write(
      `${name.padEnd(18)} ${executions} executions, ${crashes.length} crashes, ${hangs.length} hangs\n`,
    );
    for (const input of [...crashes, ...hangs]) process.stdout.write(`  ${lineOf(input)}\n`);
    if (executions === 0 || crashes.length + hangs.length > 0) {
      process.stdout.write(`${run.log}\n`);
      broken += 1;
    } else if (values.keep) {
      const kept = await minimise(path.join(folder, name, 'target.cjs'), run.inputs);
      writeCorpus(name, kept);
      process.stdout.write(`  ${run.inputs.length} inputs, ${kept.length} kept\n`);
    }
  }
  const sum = (of: (run: TargetRun) => number): number =>
    runs.reduce((all, run) => all + of(run), 0);
  process.stdout.write(
    `${names.length} targets, ${sum((run) => run.executions)} executions, ` +
      `${sum((run) => run.crashes.length)} crashes, ${sum((run) => run.hangs.length)} hangs\n`,
  );
  return broken === 0 ? 0 : 1;
}

async function prove(): Promise<number> {
  const planted = mutants.filter(({ target }) => isAsked(target));
  let missed = 0;
  for (const mutant of planted) {
    const run = await runTarget(mutant.target, { ...options, mutant });
    const { executions, crashes, hangs } = run;
    const found = crashes.length + hangs.length > 0;
    if (!found) missed += 1;
    if (executions === 0 && !found) process.stdout.write(`${run.log}\n`);
    process.stdout.write(
      `${found ? 'found' : 'MISSED'} after ${executions} executions: ${mutant.file}, ` +
        `\`${mutant.bad}\` for \`${mutant.good}\`\n`,
    );
  }
  process.stdout.write(`${planted.length} mutants, ${planted.length - missed} found\n`);
  return missed === 0 ? 0 : 1;
}
