import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LabError } from '../lab/lab-error.ts';
import { root } from '../stack/program.ts';
import { startStack, type Stack } from '../stack/stack.ts';
import { askStatus } from '../stack/technician-client.ts';
import {
  kiaByMother,
  kkByCard,
  lostKtpByCode,
  replacedKtpByCard,
  type Finished,
} from './citizens.ts';
import { attemptsIn, keepEvidence, outcomeTable, verdicts } from './report.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const citizens = [
  ['KTP-el, lost: scanned code and print code', lostKtpByCode],
  ['KTP-el, damaged: e-KTP and PIN, old card surrendered', replacedKtpByCard],
  ['KK: e-KTP and PIN', kkByCard],
  ['KIA: the mother’s NIK and PIN', kiaByMother],
] as const;

/** What in this run was a real daemon, bus or cryptography, and what only pretended. */
async function realAndSimulated(stack: Stack): Promise<string> {
  const { devices } = await askStatus(stack.core.endpoints.technicianSocket);
  const names = (real: boolean): string[] =>
    devices.filter((device) => device.real === real).map((d) => `${d.name} (${d.driver})`);
  const real = [
    ...names(true),
    'pcscd with vpcd',
    'ippeveprinter',
    'registry over mutual TLS',
    'print orders (JWS)',
    'signed KK (PAdES)',
    'journal (SQLite, ed25519)',
  ];
  const simulated = [
    ...names(false),
    'e-KTP and SAM behind the PC/SC daemon (own test keys)',
    'hands at the cabinet',
    'the registry’s office, people and telephones',
  ];
  return `real: ${real.join(', ')}; simulated: ${simulated.join(', ')}`;
}

async function run(dir: string): Promise<boolean> {
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
    const out = path.join(root, 'out/demo');
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
    return valid && finished.every(({ outcome }) => outcome === 'delivered');
  } finally {
    await stack.stop();
  }
}

const dir = mkdtempSync(path.join(os.tmpdir(), 'anjungan-demo-'));
try {
  const good = await run(dir);
  rmSync(dir, { recursive: true, force: true });
  process.exitCode = good ? 0 : 1;
} catch (cause) {
  if (!(cause instanceof LabError) && !(cause instanceof Error)) throw cause;
  process.stderr.write(`\nThe demo failed: ${cause.message}\nWhat it left is in ${dir}\n`);
  process.exitCode = 1;
}
