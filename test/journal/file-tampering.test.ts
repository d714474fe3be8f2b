import type { KeyObject } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { verifyFile } from '../../scripts/verify-journal.mjs';
import { verifyJournal } from '../../src/journal/verify/verify.ts';
import { openReadOnly } from '../../src/store/open-database.ts';
import { newId } from '../../src/base/ids.ts';
import { FakeClock } from '../../src/base/fake-clock.ts';
import type { DecidedBy } from '../../src/journal/staff-note.ts';
import { Vault } from '../../src/journal/vault/vault.ts';
import { People, type NewPerson } from '../../src/staff/people.ts';
import { lookUpVisitors } from '../../src/journal/visitors.ts';
import { contentsOf, evidence, foldedOf, workingState, type Dump } from './file-contents.ts';
import {
  discard,
  openFixture,
  recordAttempt,
  started,
  temporaryFolder,
  touched,
} from './fixture.ts';

// Hundreds of files are read by two verifiers, on a machine that others use too.
jest.setTimeout(600_000);

const FLIPS = 250;
const by: DecidedBy = {
  name: 'BUDI PETUGAS',
  reason: 'letter 12',
  personId: newId('per'),
  osUid: null,
};
const account: NewPerson = {
  name: 'siti.teknisi',
  roles: ['administrator', 'technician'],
  password: 'tujuh belas bebek',
};
const folder = temporaryFolder();
const original = join(folder, 'data/journal.db');
const copy = join(folder, 'copy.db');
let bytes: Buffer;
let publicKey: KeyObject;
let whole: Dump;
let wholeState: Dump;

beforeAll(async () => {
  const clock = new FakeClock();
  const { journal, folder: data, signer } = openFixture(join(folder, 'data'), clock);
  const vault = new Vault({ journal, keys: data.keys, clock });
  await journal.append({ events: [started] });
  await new People(journal, clock).create(account, null);
  for (let session = 0; session < 12; session += 1) {
    await journal.append({ events: [touched()] });
    const of = { caseId: newId('case'), sessionId: newId('ses'), requestId: newId('req') };
    await vault.put(of, { claimantName: 'WARGA SPESIMEN' });
    await recordAttempt(journal);
    if (session % 3 === 0) await vault.erase([of.caseId], 'retention');
    if (session % 3 === 1) await lookUpVisitors({ journal, vault }, { fromMs: 0, toMs: 1, by });
  }
  await journal.append({ events: [touched(), touched()] });
  data.journal.pragma('wal_checkpoint(TRUNCATE)');
  data.close();
  publicKey = signer.publicKey;
  bytes = readFileSync(original);
  const contents = contentsOf(original);
  if (contents.evidence === null || contents.workingState === null) throw new Error('not readable');
  whole = contents.evidence;
  wholeState = contents.workingState;
});
afterAll(() => discard(folder));

interface Found {
  readonly broken: boolean;
  /** The row named; null where the file could not even be opened. */
  readonly at: number | null;
}

function ours(): Found {
  const database = openReadOnly(copy);
  if (!database.ok) return { broken: true, at: null };
  const { firstBreak } = verifyJournal(database.value, { publicKey, anchors: [] });
  database.value.close();
  return { broken: firstBreak !== null, at: firstBreak?.seq ?? null };
}

function theirs(): Found {
  const { verdict, at } = verifyFile(copy, publicKey);
  return { broken: verdict !== 'valid', at: at === null ? null : Number(at) };
}

/** Mulberry32: the same flips in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function put(changed: Buffer): void {
  for (const end of ['-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
  writeFileSync(copy, changed);
}

/** The number of the first row that is not as it was; null where only other tables are not. */
function firstChangedRow(changed: Dump): number | null {
  const [before = [], after = []] = [whole['rows'], changed['rows']];
  const length = Math.max(before.length, after.length);
  for (let index = 0; index < length; index += 1) {
    if (before[index] !== after[index]) return index + 1;
  }
  return null;
}

const isEqual = (one: Dump | null, other: Dump): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

interface Tally {
  flips: number;
  altered: number;
  unreadable: number;
  /** All evidence is equal, and something else in a table is not. */
  workingState: number;
  workingStateFound: number;
  /** Of these: what the events decide is another, and our verifier says that all holds. */
  readonly foldedMissed: string[];
  elsewhereFound: number;
  unread: number;
  readonly missed: string[];
  readonly misplaced: string[];
}

/** Judges the copy as it now lies there. */
function judge(what: string, tally: Tally): void {
  tally.flips += 1;
  const { evidence: now, workingState: stateNow } = contentsOf(copy);
  const [mine, other] = [ours(), theirs()];
  if (isEqual(now, whole)) {
    const isFound = mine.broken || other.broken;
    if (!isEqual(stateNow, wholeState)) {
      tally.workingState += 1;
      if (isFound) tally.workingStateFound += 1;
      if (foldedOf(stateNow) !== foldedOf(wholeState) && !mine.broken)
        tally.foldedMissed.push(what);
    } else if (isFound) tally.elsewhereFound += 1;
    else tally.unread += 1;
    return;
  }
  if (now === null) tally.unreadable += 1;
  else tally.altered += 1;
  if (!mine.broken || !other.broken) tally.missed.push(what);
  const row = now === null ? null : firstChangedRow(now);
  if (row === null) return;
  for (const { at } of [mine, other]) {
    if (at !== row) tally.misplaced.push(`${what}: row ${row}, found at ${at ?? 'none'}`);
  }
}

const emptyTally = (): Tally => ({
  flips: 0,
  altered: 0,
  unreadable: 0,
  workingState: 0,
  workingStateFound: 0,
  foldedMissed: [],
  elsewhereFound: 0,
  unread: 0,
  missed: [],
  misplaced: [],
});

function say(what: string, tally: Tally): void {
  const { flips, altered, unreadable, elsewhereFound, unread, missed } = tally;
  process.stdout.write(
    `${what}: ${flips} changes; ${altered} altered rows, checkpoints, sealed fields, notes or accounts, ` +
      `${unreadable} made them unreadable, ${missed.length} of these missed; ` +
      `${tally.workingState} altered working state alone, ${tally.workingStateFound} of these found; ` +
      `${elsewhereFound} found elsewhere in the file; ` +
      `${unread} in bytes nothing reads, every value of every table equal\n`,
  );
}

describe('every column of every table', () => {
  it('is evidence or working state, and named here', () => {
    const database = new BetterSqlite3(original, { readonly: true });
    const stored = database
      .prepare(
        `SELECT DISTINCT tables.name || '.' || columns.name
         FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'`,
      )
      .pluck()
      .all();
    database.close();
    const named = [evidence, workingState].flatMap((tables) =>
      Object.entries(tables).flatMap(([table, columns]) =>
        columns.map((column) => `${table}.${column}`),
      ),
    );
    expect([...new Set(named)].sort()).toEqual(stored.sort());
  });
});

describe('a flipped bit anywhere in the file', () => {
  it('that alters what the journal returns is found by both verifiers, at its row', () => {
    const random = randomFrom(20_260_105);
    const tally = emptyTally();
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const at = Math.floor(random() * bytes.length);
      const bit = Math.floor(random() * 8);
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
      put(changed);
      judge(`bit ${bit} of byte ${at}`, tally);
    }
    say('sampled flips', tally);
    expect(tally.missed).toEqual([]);
    expect(tally.foldedMissed).toEqual([]);
    expect(tally.misplaced).toEqual([]);
    expect(tally.altered + tally.unreadable).toBeGreaterThan(FLIPS / 10);
    expect(tally.flips).toBe(FLIPS);
  });

  it('in the header of the file or of any page is found, or leaves all evidence equal', () => {
    const random = randomFrom(7);
    const tally = emptyTally();
    const pages = bytes.length / 4096;
    const places = [
      ...Array.from({ length: 100 }, (_, index) => index),
      ...Array.from({ length: pages }, (_, page) => page * 4096 + Math.floor(random() * 12)),
    ];
    for (const at of places) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
      put(changed);
      judge(`byte ${at}`, tally);
    }
    say('flips in headers', tally);
    expect(tally.missed).toEqual([]);
    expect(tally.foldedMissed).toEqual([]);
    expect(tally.misplaced).toEqual([]);
  });

  it('in a sealed text, its nonce, what it is of, a note or an account is found', () => {
    const database = new BetterSqlite3(original, { readonly: true });
    const sealed = database
      .prepare(`SELECT case_id || session_id || request_id, nonce, ciphertext FROM vault LIMIT 3`)
      .raw()
      .all() as [string, Buffer, Buffer][];
    database.close();
    const places = sealed.flatMap(([ids, nonce, ciphertext]) => [
      // As they stand in a row of the table, one after another, and nowhere else.
      ...[10, 30, 50].map((within) => bytes.indexOf(ids) + within),
      bytes.indexOf(nonce),
      bytes.indexOf(ciphertext),
    ]);
    places.push(bytes.lastIndexOf(by.name), bytes.lastIndexOf(by.reason));
    // The roles follow the name only where the row of the account stands.
    const row = bytes.indexOf(`${account.name}["`);
    places.push(row, row + account.name.length + 5);
    const tally = emptyTally();
    for (const at of places) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      put(changed);
      judge(`byte ${at}`, tally);
    }
    say('flips in sealed fields, notes and accounts', tally);
    expect(tally).toMatchObject({ flips: 19, altered: 19, missed: [] });
  });

  it('in what an attempt came to is found by ours, though no row of the chain is another', () => {
    // State and outcome follow the kind only where the row of the attempt stands.
    const row = bytes.indexOf('kkconfirmingdelivered');
    const tally = emptyTally();
    for (const within of [4, 15]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(row + within) ^ 1, row + within);
      put(changed);
      judge(`byte ${row + within}`, tally);
    }
    expect(tally).toMatchObject({ workingState: 2, workingStateFound: 2, foldedMissed: [] });
  });

  it('counts as missed where a verifier does not look: the count itself works', () => {
    const tally = emptyTally();
    // With its quotes it stands in a body; indexes hold the bare word.
    const seen = bytes.lastIndexOf(Buffer.from('"trigger":"touch"'));
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(seen + 3) ^ 1, seen + 3);
    put(changed);
    judge('a body', tally);
    expect(tally).toMatchObject({ altered: 1, missed: [], misplaced: [] });
    copyFileSync(original, copy);
    judge('nothing', tally);
    expect(tally).toMatchObject({ altered: 1, unread: 1 });
  });
});

describe('a page of the file', () => {
  it('swapped with another, zeroed, or doubled over another is found, or leaves all evidence equal', () => {
    const tally = emptyTally();
    const random = randomFrom(99);
    const pages = bytes.length / 4096;
    for (let page = 1; page < pages; page += 1) {
      const other = 1 + Math.floor(random() * (pages - 1));
      const [at, from] = [page * 4096, other * 4096];
      const zeroed = Buffer.from(bytes).fill(0, at, at + 4096);
      const doubled = Buffer.from(bytes);
      bytes.copy(doubled, at, from, from + 4096);
      const swapped = Buffer.from(doubled);
      bytes.copy(swapped, from, at, at + 4096);
      for (const [what, changed] of [
        ['zeroed', zeroed],
        ['doubled', doubled],
        ['swapped', swapped],
      ] as const) {
        put(changed);
        judge(`page ${page} ${what} with ${other}`, tally);
      }
    }
    say('changed pages', tally);
    expect(tally.missed).toEqual([]);
    expect(tally.foldedMissed).toEqual([]);
  });
});
