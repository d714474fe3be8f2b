import type { KeyObject } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { verifyFile } from '../../scripts/verify-journal.mjs';
import { GENESIS_HASH, hashOfRow } from '../../src/journal/chain/hash.ts';
import { verifyJournal } from '../../src/journal/verify/verify.ts';
import type { JournalHead } from '../../src/registry/ports.ts';
import { openReadOnly } from '../../src/store/open-database.ts';
import {
  openFixture,
  recordAttempt,
  started,
  temporaryFolder,
  touched,
  type OpenedFixture,
} from './fixture.ts';

/** Numbers of the first and the last lost row, and of the row in which a person took note of them. */
export type LostRows = readonly [from: number, through: number, notedIn: number];

export interface Verdict {
  readonly verdict: string;
  readonly at: number | null;
  readonly anchoredThrough: number | null;
  readonly lost: readonly LostRows[];
}

type WholeRow = readonly [seq: number, body: Uint8Array, hash: Uint8Array];

/** One journal, made once; each test spoils a copy of its file and asks both verifiers. */
export class SpoiledCopy {
  readonly source: string;
  readonly copy: string;
  readonly publicKey: KeyObject;
  readonly anchors: readonly JournalHead[];
  readonly rows: readonly WholeRow[];

  private constructor(
    source: string,
    publicKey: KeyObject,
    anchors: readonly JournalHead[],
    rows: readonly WholeRow[],
  ) {
    this.source = source;
    this.copy = join(source, 'copy.db');
    this.publicKey = publicKey;
    this.anchors = anchors;
    this.rows = rows;
  }

  /**
   * A start, what else a test records, and three sessions, each ended by a head that somebody else
   * keeps.
   */
  static async make(record?: (opened: OpenedFixture) => Promise<void>): Promise<SpoiledCopy> {
    const source = temporaryFolder();
    const opened = openFixture(join(source, 'data'));
    const { journal, folder, signer } = opened;
    await journal.append({ events: [started] });
    await record?.(opened);
    const anchors: JournalHead[] = [];
    for (let session = 0; session < 3; session += 1) {
      await journal.append({ events: [touched()] });
      await recordAttempt(journal);
      await journal.append({ events: [touched()] });
      const head = await journal.checkpoint();
      if (head !== null) anchors.push(head);
    }
    const rows = [
      ...folder.journal.iterateRaw('SELECT seq, CAST(body AS BLOB), hash FROM rows ORDER BY seq'),
    ] as unknown as WholeRow[];
    folder.journal.pragma('wal_checkpoint(TRUNCATE)');
    folder.close();
    return new SpoiledCopy(source, signer.publicKey, anchors, rows);
  }

  get lastSeq(): number {
    return this.anchors.at(-1)?.size ?? 0;
  }

  refresh(): void {
    cpSync(join(this.source, 'data/journal.db'), this.copy);
  }

  spoil(work: (db: BetterSqlite3.Database) => void): void {
    const db = new BetterSqlite3(this.copy);
    db.pragma('synchronous = OFF');
    work(db);
    db.close();
  }

  /** What our own verifier says of the copy. */
  ours(
    held: readonly JournalHead[] = [],
    key: KeyObject = this.publicKey,
  ): Verdict & { readonly reason: string | null } {
    const database = openReadOnly(this.copy);
    if (!database.ok) throw new Error(database.error.kind);
    const report = verifyJournal(database.value, { publicKey: key, anchors: held });
    database.value.close();
    const { firstBreak, losses, anchoredThrough } = report;
    const lost = losses.map(({ seq, lostAfter, lostThrough }): LostRows => [
      lostAfter + 1,
      lostThrough,
      seq,
    ]);
    const beside = { anchoredThrough, lost };
    if (firstBreak === null) {
      const verdict = lost.length === 0 ? 'valid' : 'incomplete';
      return { verdict, at: null, reason: null, ...beside };
    }
    const { reason, seq } = firstBreak;
    const verdict = reason.endsWith('BeyondEnd') ? 'cut' : 'broken';
    return { verdict, at: seq, reason, ...beside };
  }

  /** What the program that shares no code with it says. */
  theirs(held: readonly JournalHead[] = [], key: KeyObject = this.publicKey): Verdict {
    const { verdict, at, anchoredThrough, losses } = verifyFile(this.copy, key, held);
    const lost = losses.map(({ seq, after, through }): LostRows => [
      after + 1,
      through,
      Number(seq),
    ]);
    const numberOf = (row: bigint | null): number | null => (row === null ? null : Number(row));
    return { verdict, at: numberOf(at), anchoredThrough: numberOf(anchoredThrough), lost };
  }

  /** Both verdicts, which must be one. */
  judge(
    held: readonly JournalHead[] = [],
    key: KeyObject = this.publicKey,
  ): Verdict & { readonly reason: string | null } {
    const found = this.ours(held, key);
    const { reason } = found;
    expect(found).toEqual({ ...this.theirs(held, key), reason });
    return found;
  }
}

/** Rewrites the chain from `from` on, so that it fits itself again. */
export function rechain(db: BetterSqlite3.Database, from: number): void {
  const before = db
    .prepare('SELECT hash FROM rows WHERE seq = ?')
    .pluck()
    .get(from - 1);
  let previous = (before ?? GENESIS_HASH) as Uint8Array;
  const later = db.prepare(
    'SELECT seq, CAST(body AS BLOB) AS body FROM rows WHERE seq >= ? ORDER BY seq',
  );
  for (const { seq, body } of later.all(from) as { seq: number; body: Uint8Array }[]) {
    previous = hashOfRow(previous, seq, body);
    db.prepare('UPDATE rows SET hash = ? WHERE seq = ?').run(previous, seq);
  }
}
