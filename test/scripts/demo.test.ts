import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { missingIn } from '../../scripts/demo-run/promised.ts';
import { devicesApart } from '../../scripts/demo-run/real-and-simulated.ts';
import type { AttemptRow } from '../../scripts/demo-run/report.ts';

let out: string;

const files: Readonly<Record<string, string>> = {
  'page-printer/1-kk.pdf': '%PDF-1.7',
  'cards/K1-front.png': '\x89PNG\r\n',
  'cards/K2-front.png': '\x89PNG\r\n',
  'cards/A1-front.png': '\x89PNG\r\n',
  'cabinet-record.jsonl': ['K1', 'K2', 'A1']
    .map((serial) => ({ serial, side: 'front', picture: `cards/${serial}-front.png` }))
    .map((side) => `${JSON.stringify({ type: 'sidePrinted', ...side })}\n`)
    .join(''),
  'journal/journal.db': 'SQLite format 3\0',
  'journal/keys/journal.pub.pem': '-----BEGIN PUBLIC KEY-----',
  'anchors.json': '{}',
  'verdicts.txt':
    'anjungan journal verify: VALID: 9 rows, 2 checkpoints, signed through row 9; anchored through row 9.\n' +
    'independent verifier: valid: 9 rows, signed to row 9, anchored to row 9\n',
};

const put = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(out, name)), { recursive: true });
  writeFileSync(path.join(out, name), text, 'latin1');
};

const attempt = (outcome: string, serial: string | null): AttemptRow => ({
  attempt_id: 'a',
  request_id: 'r',
  document_kind: serial === null ? 'kk' : 'ktpEl',
  outcome,
  evidence: 'sensorSaw',
  serial,
});
const attempts = [
  attempt('spoiled', 'K0'),
  ...['K1', 'K2', 'A1', null].map((serial) => attempt('delivered', serial)),
];

beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), 'anj-out-'));
  for (const [name, text] of Object.entries(files)) put(name, text);
});
afterEach(() => rmSync(out, { recursive: true }));

describe('what a demo left', () => {
  it('lacks nothing when all of it is there', () => {
    expect(missingIn(out, attempts)).toEqual([]);
  });

  it.each(Object.keys(files))('lacks %s when that is gone, and when it is empty', (name) => {
    rmSync(path.join(out, name));
    expect(missingIn(out, attempts)).not.toEqual([]);
    put(name, '');
    expect(missingIn(out, attempts)).not.toEqual([]);
  });

  it('lacks the picture of a side that was printed', () => {
    appendFileSync(
      path.join(out, 'cabinet-record.jsonl'),
      '{"type":"sidePrinted","serial":"K2","side":"back","picture":"cards/K2-back.png"}\n',
    );
    expect(missingIn(out, attempts)).toEqual(['cards/K2-back.png: a picture of that side']);
  });

  it.each([
    ['BROKEN at row 3', /VALID: .*/],
    ['UNANCHORED', /anchored through row 9/],
  ])('lacks a verdict that says %s', (said, whereItSaid) => {
    put('verdicts.txt', (files['verdicts.txt'] ?? '').replace(whereItSaid, said));
    expect(missingIn(out, attempts)).toEqual(['verdicts.txt: both verifiers’ valid, anchored']);
  });

  it('lacks the jam, and a document, that did not happen', () => {
    expect(missingIn(out, attempts.slice(1, -1))).toEqual([
      'four documents delivered',
      'one blank spoiled by the jam',
      'page-printer: a PDF of each paper document',
    ]);
  });
});

describe('what a demo calls real', () => {
  const standIns = [
    { address: '/tmp/tty', bus: 'a pseudo-terminal', what: 'a simulator at the other end' },
  ];
  const scanner = { name: 'code-scanner', driver: 'serial-code-scanner', real: true };

  const apart = (path: string) =>
    devicesApart([scanner], [{ name: 'code-scanner', options: { path } }], standIns);

  it('is a device with a driver of its own', () => {
    expect(apart('/dev/ttyUSB0')).toEqual({
      real: ['code-scanner (serial-code-scanner)'],
      simulated: [],
    });
  });

  it('is the driver alone where a stand-in answers', () => {
    expect(apart('/tmp/tty')).toEqual({
      real: ['driver serial-code-scanner over a pseudo-terminal'],
      simulated: ['code-scanner (a simulator at the other end)'],
    });
  });

  it('is no device whose driver is a simulator, or was never loaded', () => {
    const devices = [true, false, null].map((real) => ({ name: 'p', driver: 'd', real }));
    expect(devicesApart(devices, [], standIns)).toEqual({
      real: ['p (d)'],
      simulated: ['p (d)', 'p (d)'],
    });
  });
});
