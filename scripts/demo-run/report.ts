import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { root } from '../stack/program.ts';
import { TERMINAL_ID, type Stack } from '../stack/stack.ts';
import { table } from '../../src/cli/output.ts';
import type { Finished } from './citizens.ts';

const attemptRow = z.object({
  attempt_id: z.string(),
  request_id: z.string(),
  document_kind: z.string(),
  outcome: z.string().nullable(),
  evidence: z.string().nullable(),
  serial: z.string().nullable(),
});
export type AttemptRow = z.infer<typeof attemptRow>;

/** What the journal says of each attempt, in the order they were made. */
export function attemptsIn(journalFile: string): AttemptRow[] {
  const database = new DatabaseSync(journalFile, { readOnly: true });
  const rows = database
    .prepare(
      `SELECT json_extract(body, '$.event.attemptId') AS attempt_id,
         json_extract(body, '$.event.requestId') AS request_id,
         json_extract(body, '$.event.documentKind') AS document_kind,
         json_extract(body, '$.event.outcome') AS outcome,
         json_extract(body, '$.event.evidence') AS evidence,
         json_extract(body, '$.event.blank.serial') AS serial
       FROM rows WHERE kind = 'attempt.settled' ORDER BY seq`,
    )
    .all()
    .map((row) => attemptRow.parse(row));
  database.close();
  return rows;
}

/** One line an attempt, spoiled ones included. */
export function outcomeTable(
  finished: readonly Finished[],
  attempts: readonly AttemptRow[],
): string[] {
  const rows = attempts.map((attempt) => {
    const visit = finished.find((one) => one.attemptId === attempt.attempt_id);
    return [
      visit?.document ?? attempt.document_kind,
      attempt.attempt_id,
      attempt.outcome ?? '–',
      attempt.evidence ?? '–',
      attempt.serial ?? '–',
      visit === undefined ? '–' : `${visit.seconds.toFixed(1)} s`,
    ];
  });
  return table([['document', 'attempt', 'outcome', 'evidence', 'blank', 'time'], ...rows]);
}

const moveSchema = z.looseObject({ type: z.string() });
const printedSchema = z.looseObject({ serial: z.string(), side: z.string(), picture: z.string() });

/** The sides that the cabinet saw printed, each with its picture, as a path below the cabinet's folder. */
export function sidesPrinted(recordFile: string): z.infer<typeof printedSchema>[] {
  return readFileSync(recordFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => moveSchema.parse(JSON.parse(line)))
    .filter(({ type }) => type === 'sidePrinted')
    .map((move) => printedSchema.parse(move));
}

/**
 * Copies what the demo made to `out`, which holds nothing yet: printed pages, card sides, the cabinet's
 * record, journal, anchors.
 */
export async function keepEvidence(stack: Stack, out: string): Promise<void> {
  const journal = path.join(out, 'journal');
  mkdirSync(path.join(journal, 'keys'), { recursive: true });
  cpSync(stack.pagePrinter.jobsDir, path.join(out, 'page-printer'), { recursive: true });
  const { cardsDir, recordPath } = stack.cabinet.endpoints;
  cpSync(recordPath, path.join(out, 'cabinet-record.jsonl'));
  // The simulator also draws the side that a jam then kept from being printed.
  for (const { picture } of sidesPrinted(recordPath)) {
    cpSync(path.join(path.dirname(cardsDir), picture), path.join(out, picture));
  }
  for (const file of ['journal.db', 'keys/journal.pub.pem']) {
    cpSync(path.join(stack.dataDir, file), path.join(journal, file));
  }
  const heads = await stack.front.get(
    `/front/api/terminals/${TERMINAL_ID}/heads`,
    z.looseObject({ heads: z.array(z.unknown()).min(1) }),
  );
  writeFileSync(path.join(out, 'anchors.json'), JSON.stringify(heads, null, 2));
}

/** What both verifiers say of the copy, against the heads that the registry keeps. */
export function verdicts(out: string): { lines: string[]; valid: boolean } {
  const journal = path.join(out, 'journal');
  const key = path.join(journal, 'keys/journal.pub.pem');
  const anchors = path.join(out, 'anchors.json');
  const runs = [
    {
      name: 'anjungan journal verify',
      command: path.join(root, 'scripts/anjungan'),
      args: ['--data', journal, 'journal', 'verify', '--anchors', anchors],
    },
    {
      name: 'independent verifier',
      command: process.execPath,
      args: [
        path.join(root, 'scripts/verify-journal.mjs'),
        path.join(journal, 'journal.db'),
        '--key',
        key,
        '--anchors',
        anchors,
      ],
    },
  ].map(({ name, command, args }) => {
    const run = spawnSync(command, args, { encoding: 'utf8' });
    return { name, text: `${run.stdout}${run.stderr}`.trim(), good: run.status === 0 };
  });
  const lines = runs.map(({ name, text }) => `${name}: ${text}`);
  writeFileSync(path.join(out, 'verdicts.txt'), `${lines.join('\n')}\n`);
  return { lines, valid: runs.every(({ good }) => good) };
}
