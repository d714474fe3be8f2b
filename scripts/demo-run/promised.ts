import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sidesPrinted, type AttemptRow } from './report.ts';

const PNG = '\x89PNG\r\n';
const PDF = '%PDF-';

const startsWith = (file: string, start: string): boolean =>
  existsSync(file) && readFileSync(file, 'latin1').startsWith(start);

/** What `out` lacks of that which the demo promises to leave there; a line each. */
export function missingIn(out: string, attempts: readonly AttemptRow[]): string[] {
  const delivered = attempts.filter(({ outcome }) => outcome === 'delivered');
  const papers = delivered.filter(({ serial }) => serial === null).length;
  const folder = path.join(out, 'page-printer');
  const pages = existsSync(folder)
    ? readdirSync(folder).filter((name) => startsWith(path.join(folder, name), PDF)).length
    : 0;
  const record = path.join(out, 'cabinet-record.jsonl');
  const printed = existsSync(record) ? sidesPrinted(record) : [];
  const verdicts = path.join(out, 'verdicts.txt');
  const told = existsSync(verdicts) ? readFileSync(verdicts, 'utf8').split('\n') : [];
  // A verifier that was given no heads calls the record valid too, but a cut-off tail would not show.
  const valid = told.filter((line) => /: valid: .*, anchored|: VALID: .*; anchored/.test(line));

  const missing = [
    { what: 'four documents delivered', there: delivered.length === 4 },
    {
      what: 'one blank spoiled by the jam',
      there: attempts.filter(({ outcome }) => outcome === 'spoiled').length === 1,
    },
    { what: 'page-printer: a PDF of each paper document', there: papers > 0 && pages >= papers },
    ...delivered.flatMap(({ serial }) =>
      serial === null
        ? []
        : [
            {
              what: `cabinet-record.jsonl: a printed side of ${serial}`,
              there: printed.some((side) => side.serial === serial),
            },
          ],
    ),
    ...printed.map(({ picture }) => ({
      what: `${picture}: a picture of that side`,
      there: startsWith(path.join(out, picture), PNG),
    })),
    {
      what: 'journal/journal.db',
      there: startsWith(path.join(out, 'journal/journal.db'), 'SQLite format 3'),
    },
    {
      what: 'journal/keys/journal.pub.pem',
      there: startsWith(path.join(out, 'journal/keys/journal.pub.pem'), '-----BEGIN PUBLIC KEY'),
    },
    { what: 'anchors.json', there: startsWith(path.join(out, 'anchors.json'), '{') },
    { what: 'verdicts.txt: both verifiers’ valid, anchored', there: valid.length === 2 },
  ];
  return missing.filter(({ there }) => !there).map(({ what }) => what);
}
