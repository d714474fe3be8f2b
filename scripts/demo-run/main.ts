import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../stack/program.ts';
import { startStack } from '../stack/stack.ts';
import {
  kiaByMother,
  kkByCard,
  lostKtpByCode,
  replacedKtpByCard,
  type Finished,
} from './citizens.ts';
import { missingIn } from './promised.ts';
import { realAndSimulated } from './real-and-simulated.ts';
import { attemptsIn, keepEvidence, outcomeTable, verdicts } from './report.ts';

const USAGE = `Usage: scripts/demo [--out FOLDER]

Serves four citizens unattended and shows what was printed and recorded. Ends with 0 only when all of it is there.
  --out FOLDER   keeps it in FOLDER, which must be new or empty; without it in out/demo, in place of
                 what an earlier demo left there`;

/** Cleared before it is filled. */
const OWN_FOLDER = path.join(root, 'out/demo');

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const citizens = [
  ['KTP-el, lost: scanned code and print code', lostKtpByCode],
  ['KTP-el, damaged: e-KTP and PIN, old card surrendered', replacedKtpByCard],
  ['KK: e-KTP and PIN', kkByCard],
  ['KIA: the mother’s NIK and PIN', kiaByMother],
] as const;

/** Completes with what is missing of what the demo promises. */
async function run(dir: string, out: string): Promise<string[]> {
  say('Starting a specimen terminal. Everything printed is SPESIMEN of people who cannot exist.');
  const stack = await startStack({ dir, say: (line) => say(`  start: ${line}`) });
  try {
    const finished: Finished[] = [];
    for (const [title, citizen] of citizens) {
      say(`\n${title}`);
      finished.push(await citizen(stack, (line) => say(`  ${line}`)));
      say('  handed over');
    }
    const line = await realAndSimulated(stack);
    await stack.stopCore();
    if (out === OWN_FOLDER) rmSync(out, { recursive: true, force: true });
    await keepEvidence(stack, out);
    const attempts = attemptsIn(path.join(out, 'journal/journal.db'));
    const { lines, valid } = verdicts(out);
    const shown = path.relative(process.cwd(), out) || '.';
    say(`\n${outcomeTable(finished, attempts).join('\n')}\n`);
    say(line);
    say('');
    for (const verdict of lines) say(verdict);
    say('');
    say(`page printer received: ${shown}/page-printer`);
    say(`card sides, as printed: ${shown}/cards`);
    say(`what physically moved: ${shown}/cabinet-record.jsonl`);
    say(`journal and its key:   ${shown}/journal`);
    say(`verdicts:              ${shown}/verdicts.txt, against ${shown}/anchors.json`);
    return [...missingIn(out, attempts), ...(valid ? [] : ['both verifiers ending with 0'])];
  } finally {
    await stack.stop();
  }
}

async function main(out: string): Promise<number> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'anjungan-demo-'));
  try {
    const missing = await run(dir, out);
    rmSync(dir, { recursive: true, force: true });
    if (missing.length === 0) return 0;
    complain(`\nThe demo did not leave what it promises:\n  ${missing.join('\n  ')}`);
    return 1;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    complain(`\nThe demo failed: ${cause.message}\nWhat it left is in ${dir}`);
    return 1;
  }
}

const { values } = parseArgs({
  options: { out: { type: 'string' }, help: { type: 'boolean', default: false } },
});
const out = values.out === undefined ? OWN_FOLDER : path.resolve(values.out);
if (values.help) {
  say(USAGE);
} else if (out !== OWN_FOLDER && existsSync(out) && readdirSync(out).length > 0) {
  // Never cleared: it may hold anything.
  complain(`${out} holds something already.\n${USAGE}`);
  process.exitCode = 64;
} else {
  process.exitCode = await main(out);
}
