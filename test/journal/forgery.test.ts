import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type BetterSqlite3 from 'better-sqlite3';
import { hashOfRow } from '../../src/journal/chain/hash.ts';
import { discard } from './fixture.ts';
import { rechain, SpoiledCopy } from './spoiled-copy.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

let journal: SpoiledCopy;
/** The record of another machine with another key. */
let other: SpoiledCopy;
beforeAll(async () => {
  journal = await SpoiledCopy.make();
  other = await SpoiledCopy.make();
});
beforeEach(() => journal.refresh());
afterAll(() => {
  discard(journal.source);
  discard(other.source);
});

type Db = BetterSqlite3.Database;

/** A row behind the newest signature, with this body, that fits the chain. */
function appendBody(db: Db, body: Uint8Array): void {
  const last = db.prepare('SELECT seq, hash FROM rows ORDER BY seq DESC LIMIT 1').get() as {
    seq: number;
    hash: Uint8Array;
  };
  const seq = last.seq + 1;
  db.prepare('INSERT INTO rows (seq, body, hash) VALUES (?, CAST(? AS TEXT), ?)').run(
    seq,
    body,
    hashOfRow(last.hash, seq, body),
  );
}

const textOf = (seq: number): string => Buffer.from(journal.rows[seq - 1]?.[1] ?? []).toString();

describe('a row', () => {
  it('doubled under the next number is located', () => {
    journal.spoil((db) => {
      db.exec('UPDATE rows SET seq = seq + 1000 WHERE seq > 6');
      db.exec('INSERT INTO rows (seq, body, hash) SELECT 7, body, hash FROM rows WHERE seq = 6');
      db.exec('UPDATE rows SET seq = seq - 999 WHERE seq > 1000');
    });
    expect(journal.judge()).toMatchObject({ verdict: 'broken', at: 7, reason: 'hashMismatch' });
  });

  it('doubled, with the chain made to fit again, is not under the next signature', () => {
    journal.spoil((db) => {
      db.exec('UPDATE rows SET seq = seq + 1000 WHERE seq > 2');
      db.exec('INSERT INTO rows (seq, body, hash) SELECT 3, body, hash FROM rows WHERE seq = 2');
      db.exec('UPDATE rows SET seq = seq - 999 WHERE seq > 1000');
      rechain(db, 3);
    });
    expect(journal.judge()).toMatchObject({ verdict: 'broken', reason: 'checkpointMismatch' });
  });

  it.each([2 ** 31, 2 ** 53 - 1, '9223372036854775807'])('of number %s is a gap', (seq) => {
    journal.spoil((db) => db.exec(`UPDATE rows SET seq = ${seq} WHERE seq = 9`));
    expect(journal.judge()).toMatchObject({ verdict: 'broken', at: 9, reason: 'seqGap' });
  });

  it('of a number that others follow into eternity is a gap where it stands last, too', () => {
    const { lastSeq } = journal;
    journal.spoil((db) =>
      db.exec(`UPDATE rows SET seq = 9223372036854775807 WHERE seq = ${lastSeq}`),
    );
    expect(journal.judge()).toMatchObject({ verdict: 'broken', at: lastSeq, reason: 'seqGap' });
  });
});

describe('a chain under another domain tag', () => {
  it('fits itself and is found at its first row', () => {
    journal.spoil((db) => {
      let previous: Uint8Array = Buffer.alloc(32);
      for (const [seq, body] of journal.rows) {
        const numbers = Buffer.alloc(12);
        numbers.writeBigUInt64BE(BigInt(seq), 0);
        numbers.writeUInt32BE(body.length, 8);
        const hash = createHash('sha256').update('anj-j1\0').update(previous);
        previous = hash.update(numbers).update(body).digest();
        db.prepare('UPDATE rows SET hash = ? WHERE seq = ?').run(previous, seq);
      }
    });
    expect(journal.judge()).toMatchObject({ verdict: 'broken', at: 1, reason: 'hashMismatch' });
  });
});

describe('rows of another record', () => {
  it('in place of our own are located', () => {
    journal.spoil((db) => {
      const [, body, hash] = other.rows[4] ?? [];
      db.prepare('UPDATE rows SET body = CAST(? AS TEXT), hash = ? WHERE seq = 5').run(body, hash);
    });
    expect(journal.judge()).toMatchObject({ verdict: 'broken', at: 5, reason: 'hashMismatch' });
  });

  it('all of them, with their signatures, are not of our key', () => {
    journal.spoil((db) => {
      db.prepare('ATTACH ? AS other').run(join(other.source, 'data/journal.db'));
      for (const table of ['rows', 'checkpoints']) db.exec(`DELETE FROM main.${table}`);
      db.exec('INSERT INTO main.rows (seq, body, hash) SELECT seq, body, hash FROM other.rows');
      db.exec('INSERT INTO main.checkpoints SELECT * FROM other.checkpoints');
      db.exec('DETACH other');
    });
    expect(journal.judge()).toMatchObject({
      verdict: 'broken',
      at: 1,
      reason: 'checkpointSignature',
    });
    expect(journal.judge(journal.anchors)).toMatchObject({ verdict: 'broken', at: 1 });
  });
});

describe('behind the newest signature', () => {
  const added = (): number => journal.lastSeq + 1;
  const spoilWith = (body: string | Uint8Array): void =>
    journal.spoil((db) => appendBody(db, Buffer.from(body)));

  it('a row as the program writes it is held by the chain alone', () => {
    spoilWith(textOf(2));
    expect(journal.judge()).toMatchObject({ verdict: 'valid' });
  });

  it.each([
    ['a member twice', () => textOf(2).replace('{', '{"at":1,')],
    ['a member twice, spelled otherwise', () => textOf(2).replace('{', '{"\\u0061t":1,')],
    ['an event with a member twice', () => textOf(2).replace('"event":{', '"event":{"kind":"x",')],
    [
      'members in another order',
      () =>
        JSON.stringify(
          Object.fromEntries(Object.entries(JSON.parse(textOf(2)) as object).reverse()),
        ),
    ],
    ['white space', () => textOf(2).replace(',', ', ')],
    ['a fraction', () => textOf(2).replace(/"mono":\d+/, '"mono":1.5')],
    [
      'the members of the earlier format',
      () =>
        textOf(2)
          .replace('"event"', '"boot":"boot_A","event"')
          .replace(/}$/, ',"terminal":"ADM-9901-01"}'),
    ],
    ['a member nobody knows', () => textOf(2).replace(/}$/, ',"zzz":1}')],
    ['no JSON', () => 'nothing of the kind'],
    ['JSON that is no object', () => '[]'],
    ['null', () => 'null'],
    ['no event', () => textOf(2).replace(/"event":\{[^}]*\}/, '"event":null')],
  ])('a row with %s is located', (_, body) => {
    spoilWith(body());
    expect(journal.judge()).toMatchObject({
      verdict: 'broken',
      at: added(),
      reason: 'bodyMalformed',
    });
  });

  it('a row whose text is no UTF-8 is located', () => {
    const bytes = Buffer.from(textOf(2));
    bytes[bytes.indexOf('touch')] = 0xff;
    spoilWith(bytes);
    expect(journal.judge()).toMatchObject({ verdict: 'broken', at: added() });
  });

  it('a row that the program never leaves unsigned is found', () => {
    spoilWith(textOf(1));
    expect(journal.judge()).toMatchObject({ verdict: 'broken', reason: 'unsignedTail' });
  });

  it('an event that does not follow from the others is found by our own verifier', () => {
    const move = {
      kind: 'blank.renamed',
      expectedSerial: 'KTP-0001',
      readSerial: 'KTP-0002',
    };
    spoilWith(textOf(2).replace(/"event":\{[^}]*\}/, `"event":${canonical(move)}`));
    expect(journal.theirs()).toMatchObject({ verdict: 'valid' });
    expect(journal.ours()).toMatchObject({ verdict: 'broken' });
  });
});

const canonical = (event: Readonly<Record<string, string>>): string =>
  `{${Object.keys(event)
    .sort()
    .map((name) => `"${name}":"${event[name] ?? ''}"`)
    .join(',')}}`;

describe('a value of another type', () => {
  it.each([
    ['rows', 'hash', 'TEXT', 5],
    ['rows', 'body', 'BLOB', 5],
  ])('in %s.%s is located', (table, column, type, seq) => {
    journal.spoil((db) => {
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      const from = column === 'hash' ? 'hash BLOB' : 'body TEXT';
      const rename = `UPDATE sqlite_schema SET sql = replace(sql, '${from}', '${column} ANY') WHERE name = '${table}'`;
      db.exec(rename);
      db.pragma('writable_schema = RESET');
    });
    journal.spoil((db) => {
      // The text of a hash is counted in characters, of which it has fewer than bytes.
      db.pragma('ignore_check_constraints = ON');
      db.exec(`UPDATE ${table} SET ${column} = CAST(${column} AS ${type}) WHERE seq = ${seq}`);
    });
    expect(journal.judge()).toMatchObject({ verdict: 'broken', at: seq, reason: 'hashMismatch' });
  });
});

describe('an older copy', () => {
  it('is whole by itself, and cut where heads are kept elsewhere', () => {
    const kept = journal.anchors[0]?.size ?? 0;
    journal.spoil((db) => {
      db.prepare('DELETE FROM rows WHERE seq > ?').run(kept);
      db.prepare('DELETE FROM checkpoints WHERE size > ?').run(kept);
      db.prepare('DELETE FROM attempts WHERE opened_seq > ?').run(kept);
      db.exec('DELETE FROM outbox WHERE lane NOT IN (SELECT attempt_id FROM attempts)');
    });
    expect(journal.judge()).toMatchObject({ verdict: 'valid' });
    expect(journal.judge(journal.anchors)).toMatchObject({ verdict: 'cut', at: kept + 1 });
  });
});
