import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import type { Approved } from '../../scripts/stack/resident.ts';
import { poppler } from '../documents/poppler.ts';
import { disagreements } from './support/agreement.ts';
import { foundInClear } from './support/in-clear.ts';
import { readJournal } from './support/journal-file.ts';
import { movedSince } from './support/physical-record.ts';
import { expectSentence } from './support/sentences.ts';
import { JOURNEY_MS, Terminal } from './support/terminal.ts';

jest.setTimeout(JOURNEY_MS);

let terminal: Terminal;

beforeAll(async () => {
  terminal = await Terminal.start();
});
afterEach(async () => {
  await terminal.tidy();
});
afterAll(() => terminal.stop());

/** The codes of a document that was handed over open nothing any more. */
async function expectDead({ collectionCode, printCode }: Approved): Promise<void> {
  const before = await terminal.now();
  const citizen = await terminal.citizen();
  await citizen.see('welcome');
  await citizen.scan(collectionCode);
  await citizen.see('enterPrintCode');
  const view = await citizen.press({ kind: 'submitPrintCode', printCode }, 'goodbye');
  expect(view.problem?.code).toBe('codeUsed');
  expectSentence('codeUsed');
  expect(await terminal.movedSince(before)).toEqual([]);
  await citizen.leave();
}

describe('the four documents', () => {
  it('a lost KTP-el by scanned code and print code', async () => {
    const approved = await terminal.lostKtp();
    const before = await terminal.now();
    const citizen = await terminal.citizen();
    await citizen.comeByCode(approved);
    const { screen } = await citizen.print();
    expect(screen).toMatchObject({ outcome: 'delivered', oldCard: 'notConcerned' });
    await citizen.leave();
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    const moves = await terminal.movedSince(before);
    expect(moves.filter((type) => type !== 'chipWritten')).toEqual([
      'blankFed',
      'sidePrinted',
      'cardPresented',
      'cardTaken',
    ]);
    expect(moves).toContain('chipWritten');
    expect(terminal.settled(approved.requestId)).toMatchObject([
      { outcome: 'delivered', evidence: 'sensorSaw', blank: { kind: 'ktpEl' } },
    ]);
    expect(await terminal.disagreements()).toEqual([]);
    await expectDead(approved);
  });

  it('a damaged KTP-el by tapped card and PIN, the old card captured before the new one is out', async () => {
    const holder = terminal.people.adult();
    const approved = await terminal.approved(holder, {
      documentKind: 'ktpEl',
      reason: 'damaged',
      oldCard: 'toBeCapturedHere',
    });
    const before = await terminal.now();
    const citizen = await terminal.citizen();
    await citizen.comeByCard(holder, approved.pin);
    await citizen.choose(approved.requestId);
    await citizen.untap();
    await citizen.press({ kind: 'confirmPrint' }, 'surrenderCard');
    await terminal.stack.panel.post('/api/slot/insert', { uidHex: holder.ektpUid });
    const { screen } = await citizen.take();
    expect(screen).toMatchObject({ outcome: 'delivered', oldCard: 'captured' });
    await citizen.leave();
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    const moves = await terminal.movedSince(before);
    expect(moves.filter((type) => type !== 'chipWritten')).toEqual([
      'oldCardDrawnIn',
      'blankFed',
      'sidePrinted',
      'oldCardCaptured',
      'cardPresented',
      'cardTaken',
    ]);
    expect(terminal.settled(approved.requestId)).toMatchObject([
      { outcome: 'delivered', capturedOldCard: true },
    ]);
    expect(await terminal.disagreements()).toEqual([]);
    await expectDead(approved);
  });

  it('a KK of many sheets by tapped card and PIN, printed as the registry signed it', async () => {
    const head = terminal.people.head(11, 30);
    const approved = await terminal.approved(head, { documentKind: 'kk', reason: 'changed' });
    const before = await terminal.now();
    const citizen = await terminal.citizen();
    await citizen.comeByCard(head, approved.pin);
    await citizen.choose(approved.requestId);
    expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
    await citizen.leave();
    await terminal.untilRequest(approved.requestId, 'diserahkan');

    const [attempt] = terminal.settled(approved.requestId);
    expect(attempt).toMatchObject({
      outcome: 'delivered',
      evidence: 'deviceReported',
      blank: null,
    });
    const printed = await terminal.movedSince(before);
    expect(printed).toEqual([expect.stringContaining(attempt?.attemptId.toLowerCase() ?? '?')]);
    const file = path.join(terminal.stack.pagePrinter.jobsDir, printed[0] ?? '');
    const bytes = readFileSync(file);
    expect(bytes.equals(signedAtRegistry(approved.requestId))).toBe(true);

    const members = await membersOf(head.kkNumber);
    expect(members).toHaveLength(head.familySize);
    const text = poppler('pdftotext', bytes, ['-layout']);
    const places = members.map((nik) => text.indexOf(nik));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(poppler('pdfinfo', bytes)).toMatch(/Page size: +841\.89 x 595\.\d+ pts \(A4\)/);
    const signatures = poppler('pdfsig', bytes, ['-nocert']);
    expect(signatures.match(/^Signature #/gm)).toHaveLength(1);
    expect(signatures).toContain('Signature is Valid');
    expect(signatures).toContain('Total document signed');
    await expectDead(approved);
  });

  it('a KIA by the NIK and PIN of the mother', async () => {
    const { mother, child } = terminal.people.motherAndChild();
    const application = { documentKind: 'kia', reason: 'first' } as const;
    const approved = await terminal.approved(child, application, mother);
    const before = await terminal.now();
    const citizen = await terminal.citizen();
    await citizen.comeByNik(mother.nik, approved.pin);
    await citizen.choose(approved.requestId);
    expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
    await citizen.leave();
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    expect(await terminal.movedSince(before)).toEqual([
      'blankFed',
      'sidePrinted',
      'cardPresented',
      'cardTaken',
    ]);
    expect(terminal.settled(approved.requestId)).toMatchObject([
      { outcome: 'delivered', blank: { kind: 'kia' } },
    ]);
    expect(await terminal.disagreements()).toEqual([]);
    await expectDead(approved);
  });
});

describe('what these tests look with', () => {
  it('sees a card that left twice, and one that moved before it was announced', async () => {
    const record = await movedSince(terminal.stack, 0);
    const journal = readJournal(terminal.stack.dataDir);
    const taken = record.filter(({ type }) => type === 'cardTaken');
    expect(taken.length).toBeGreaterThan(0);
    expect(disagreements(journal, [...record, ...taken])).not.toEqual([]);
    const early = record.map((entry) =>
      entry.type === 'sidePrinted' ? { ...entry, at: entry.at - 60_000 } : entry,
    );
    expect(disagreements(journal, early)).not.toEqual([]);
    const { blanks } = journal;
    const lost = blanks.map((blank) => ({ ...blank, state: 'inFeeder' }));
    expect(disagreements({ ...journal, blanks: lost }, record)).not.toEqual([]);
  });

  it('finds a secret that somebody wrote down', () => {
    const { dataDir, coreLogFile } = terminal.stack;
    const planted = path.join(dataDir, 'spool', 'planted.txt');
    writeFileSync(planted, 'pin 482915;');
    const look = { dataDir, coreLogFile };
    expect(foundInClear(look, new Set(['482915', '829150']))).toEqual(['482915 in planted.txt']);
    writeFileSync(planted, '');
  });
});

it('leaves no NIK, name, PIN or code of these citizens readable on the disk or in the log', () => {
  expect(terminal.secrets.size).toBeGreaterThan(12);
  expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);
});

/** The bytes that the registry keeps as signed. */
function signedAtRegistry(requestId: string): Buffer {
  const file = path.join(terminal.stack.dir, 'registry/registry.db');
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database
    .prepare('SELECT signed_pdf AS pdf FROM requests WHERE request_id = ?')
    .get(requestId);
  database.close();
  return Buffer.from(z.object({ pdf: z.instanceof(Uint8Array) }).parse(row).pdf);
}

/** NIKs of the family in the order of the KK. */
async function membersOf(kkNumber: string): Promise<string[]> {
  const member = z.looseObject({ nik: z.string(), position: z.number() });
  const { people } = await terminal.stack.front.get(
    `/front/api/people?limit=500&q=${kkNumber}`,
    z.object({ people: z.array(member) }),
  );
  return people.sort((a, b) => a.position - b.position).map(({ nik }) => nik);
}
