import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type BetterSqlite3 from 'better-sqlite3';
import { verifyFile } from '../../scripts/verify-journal.mjs';
import { GENESIS_HASH } from '../../src/journal/chain/hash.ts';
import { signedBytesOf } from '../../src/journal/chain/head.ts';
import { walkChain, type RawRow } from '../../src/journal/verify/chain.ts';
import { discard, TERMINAL } from './fixture.ts';
import { rechain, SpoiledCopy } from './spoiled-copy.ts';

// Flushes, processes and password hashes take long on a machine that others use too.
jest.setTimeout(60_000);

let journal: SpoiledCopy;

beforeAll(async () => {
  journal = await SpoiledCopy.make();
});
beforeEach(() => journal.refresh());
afterAll(() => discard(journal.source));

const spoil = (work: (db: BetterSqlite3.Database) => void): void => journal.spoil(work);
const judge: SpoiledCopy['judge'] = (held, key) => journal.judge(held, key);

const forge = (db: BetterSqlite3.Database, seq: number): void => {
  db.prepare(`UPDATE rows SET body = json_set(body, '$.at', 1) WHERE seq = ?`).run(seq);
};

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return changed;
}

describe('an untouched journal', () => {
  it('is valid, and anchored only where somebody else keeps a head of it', () => {
    expect(judge()).toMatchObject({ verdict: 'valid' });
    expect(judge(journal.anchors)).toMatchObject({ verdict: 'valid' });
    expect(verifyFile(journal.copy, journal.publicKey).anchoredThrough).toBeNull();
    expect(verifyFile(journal.copy, journal.publicKey, journal.anchors).anchoredThrough).toBe(
      BigInt(journal.lastSeq),
    );
  });
});

describe('a flipped bit', () => {
  /** Walks from the row before the flip, which is as it was. */
  const walk = (index: number, changed: RawRow) =>
    walkChain({
      rows: [changed, ...journal.rows.slice(index + 1)],
      start: { seq: index, hash: journal.rows[index - 1]?.[2] ?? GENESIS_HASH },
      checkpoints: journal.anchors.slice(-1).map((head) => ({ size: head.size, head })),
      anchors: [],
      publicKey: journal.publicKey,
      terminalId: TERMINAL,
    }).firstBreak;

  it('in any body, hash or number of a row is found and located, every single one', () => {
    let flips = 0;
    const missed: string[] = [];
    const tryRow = (index: number, what: string, changed: RawRow): void => {
      flips += 1;
      const at = walk(index, changed)?.seq;
      if (at !== index + 1) missed.push(`${what} of row ${index + 1}: found at ${at ?? 'none'}`);
    };
    journal.rows.forEach(([seq, body, hash], index) => {
      for (let bit = 0; bit < body.length * 8; bit += 1) {
        tryRow(index, `body bit ${bit}`, [seq, flipped(body, bit), hash]);
      }
      for (let bit = 0; bit < hash.length * 8; bit += 1) {
        tryRow(index, `hash bit ${bit}`, [seq, body, flipped(hash, bit)]);
      }
      for (let bit = 0; bit < 52; bit += 1) {
        const changed = Number(BigInt(seq) ^ (1n << BigInt(bit)));
        tryRow(index, `seq bit ${bit}`, [changed, body, hash]);
      }
    });
    expect(missed).toEqual([]);
    expect(flips).toBeGreaterThan(40_000);
  });

  it('in a row of the file is located by both verifiers', () => {
    for (let step = 0; step < 40; step += 1) {
      const row = journal.rows[(step * 7) % journal.rows.length];
      if (row === undefined) throw new Error('no row');
      const [seq, body, hash] = row;
      journal.refresh();
      spoil((db) => {
        if (step % 2 === 0) {
          const changed = flipped(body, (step * 131) % (body.length * 8));
          db.prepare('UPDATE rows SET body = CAST(? AS TEXT) WHERE seq = ?').run(changed, seq);
        } else {
          const changed = flipped(hash, (step * 31) % 256);
          db.prepare('UPDATE rows SET hash = ? WHERE seq = ?').run(changed, seq);
        }
      });
      expect(judge()).toMatchObject({ verdict: 'broken', at: seq, reason: 'hashMismatch' });
    }
  });

  it.each(['head', 'signature', 'at_ms', 'terminal_id', 'algorithm', 'size'])(
    'in the %s of a checkpoint is found',
    (column) => {
      const size = journal.anchors[0]?.size ?? 0;
      spoil((db) => {
        const read = `SELECT CAST(${column} AS BLOB) FROM checkpoints WHERE size = ?`;
        const stored = db.prepare(read).pluck().get(size) as Uint8Array;
        const isNumber = column === 'at_ms' || column === 'size';
        const isText = column === 'terminal_id' || column === 'algorithm';
        const value = isNumber ? `${column} + 1` : isText ? 'CAST(? AS TEXT)' : '?';
        const parameters = isNumber ? [] : [flipped(stored, 5)];
        const update = `UPDATE checkpoints SET ${column} = ${value} WHERE size = ?`;
        db.prepare(update).run(...parameters, size);
      });
      expect(judge()).toMatchObject({ verdict: 'broken', reason: 'checkpointSignature' });
    },
  );
});

describe('rows that were moved', () => {
  it('are missed where one was deleted', () => {
    spoil((db) => db.exec('DELETE FROM rows WHERE seq = 5'));
    expect(judge()).toMatchObject({ verdict: 'broken', at: 5, reason: 'seqGap' });
  });

  it('are missed where the first was deleted', () => {
    spoil((db) => db.exec('DELETE FROM rows WHERE seq = 1'));
    expect(judge()).toMatchObject({ verdict: 'broken', at: 1, reason: 'seqGap' });
  });

  it('are located where two were swapped', () => {
    spoil((db) => db.exec('UPDATE rows SET seq = seq + 1000 WHERE seq IN (6, 9)'));
    spoil((db) =>
      db.exec('UPDATE rows SET seq = 9 WHERE seq = 1006; UPDATE rows SET seq = 6 WHERE seq = 1009'),
    );
    expect(judge()).toMatchObject({ verdict: 'broken', at: 6, reason: 'hashMismatch' });
  });

  it('are located where one was inserted and the others pushed on', () => {
    spoil((db) => {
      db.exec('UPDATE rows SET seq = seq + 1000 WHERE seq >= 7');
      db.exec('UPDATE rows SET seq = seq - 999 WHERE seq > 1000');
      db.exec('INSERT INTO rows (seq, body, hash) SELECT 7, body, hash FROM rows WHERE seq = 2');
    });
    expect(judge()).toMatchObject({ verdict: 'broken', at: 7, reason: 'hashMismatch' });
  });
});

describe('a forger without the key', () => {
  it('who rewrites the chain fits the chain and not the next checkpoint', () => {
    spoil((db) => {
      forge(db, 2);
      rechain(db, 2);
    });
    const nextSigned = 6; // printIntent of the first attempt
    expect(judge()).toMatchObject({
      verdict: 'broken',
      at: nextSigned,
      reason: 'checkpointMismatch',
    });
  });

  it('who also removes the checkpoints leaves rows without the signature they must have', () => {
    spoil((db) => {
      forge(db, 2);
      rechain(db, 2);
      db.exec('DELETE FROM checkpoints WHERE size >= 2');
    });
    expect(judge()).toMatchObject({ verdict: 'broken', reason: 'unsignedTail' });
  });

  it('who re-signs everything with a key of his own is found by whoever knows the right key', () => {
    const own = generateKeyPairSync('ed25519');
    spoil((db) => {
      forge(db, 2);
      rechain(db, 2);
      const stored = db.prepare('SELECT size, at_ms FROM checkpoints').all();
      for (const { size, at_ms } of stored as { size: number; at_ms: number }[]) {
        const hash = db.prepare('SELECT hash FROM rows WHERE seq = ?').pluck().get(size);
        const head = Buffer.from(hash as Uint8Array).toString('hex');
        const unsigned = {
          terminalId: TERMINAL,
          size,
          head,
          at: at_ms,
          algorithm: 'ed25519',
        } as const;
        const signature = sign(null, signedBytesOf(unsigned), own.privateKey);
        db.prepare('UPDATE checkpoints SET head = ?, signature = ? WHERE size = ?').run(
          hash,
          signature,
          size,
        );
      }
    });
    expect(judge()).toMatchObject({ verdict: 'broken', at: 1, reason: 'checkpointSignature' });
    // With his key beside the journal only an anchor tells.
    expect(judge([], own.publicKey)).toMatchObject({ verdict: 'valid' });
    expect(judge(journal.anchors, own.publicKey)).toMatchObject({ reason: 'anchorSignature' });
  });
});

describe('a cut-off tail', () => {
  const cut = (rowsKept: number, withCheckpoints: boolean): void =>
    spoil((db) => {
      db.prepare('DELETE FROM rows WHERE seq > ?').run(rowsKept);
      if (withCheckpoints) db.prepare('DELETE FROM checkpoints WHERE size > ?').run(rowsKept);
      db.prepare('DELETE FROM attempts WHERE opened_seq > ?').run(rowsKept);
      db.exec('DELETE FROM outbox WHERE lane NOT IN (SELECT attempt_id FROM attempts)');
    });
  const keptRows = (): number => journal.anchors[1]?.size ?? 0;

  it('shows where its checkpoints were left', () => {
    cut(keptRows(), false);
    expect(judge()).toMatchObject({
      verdict: 'cut',
      at: keptRows() + 1,
      reason: 'checkpointBeyondEnd',
    });
  });

  it('with its checkpoints looks whole without journal.anchors, and is located with them', () => {
    cut(keptRows(), true);
    expect(judge()).toMatchObject({ verdict: 'valid' });
    expect(judge(journal.anchors)).toMatchObject({
      verdict: 'cut',
      at: keptRows() + 1,
      reason: 'anchorBeyondEnd',
    });
  });

  it('is located by journal.anchors where nothing is left at all', () => {
    cut(0, true);
    expect(judge()).toMatchObject({ verdict: 'valid' });
    expect(judge(journal.anchors)).toMatchObject({
      verdict: 'cut',
      at: 1,
      reason: 'anchorBeyondEnd',
    });
  });
});

describe('a file that is not the one the program made', () => {
  it('is found where an index hides a row', () => {
    spoil((db) => {
      db.unsafeMode(true);
      db.pragma('writable_schema = ON');
      db.exec(
        `UPDATE sqlite_schema SET sql = replace(sql, 'IS NOT NULL', 'IS NULL') WHERE name = 'rows_of_attempt_late'`,
      );
    });
    expect(journal.ours()).toMatchObject({ verdict: 'broken', reason: 'databaseDamaged' });
  });

  it('is found where a trigger was planted', () => {
    spoil((db) => db.exec('CREATE TRIGGER planted AFTER INSERT ON rows BEGIN SELECT 1; END'));
    expect(journal.ours()).toMatchObject({ verdict: 'broken', reason: 'databaseDamaged' });
  });

  it('is broken and no crash where whole pages are noise', () => {
    const bytes = readFileSync(journal.copy);
    for (let page = 1; page * 4096 < bytes.length; page += 1) {
      const noisy = Buffer.from(bytes);
      noisy.fill(0xa5, page * 4096, page * 4096 + 4096);
      writeFileSync(journal.copy, noisy);
      expect(journal.ours().verdict).toBe('broken');
      expect(journal.theirs().verdict).toBe('broken');
    }
  });
});

describe('the independent verifier as a program', () => {
  const script = join(import.meta.dirname, '../../scripts/verify-journal.mjs');
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      encoding: 'utf8',
    });
    return { status, said: stdout.trim(), complained: stderr };
  };
  const keyFile = (): string => join(journal.source, 'data/keys/journal.pub.pem');

  it('says valid and unanchored, valid and anchored, broken, or cut, and exits accordingly', () => {
    const anchorFile = join(journal.source, 'anchors.json');
    writeFileSync(anchorFile, JSON.stringify({ heads: journal.anchors }));
    expect(run(join(journal.source, 'data/journal.db'))).toMatchObject({
      status: 0,
      said: `valid: ${journal.lastSeq} rows, signed to row ${journal.lastSeq}; unanchored: a cut-off tail would not show`,
    });
    expect(run(journal.copy, '--key', keyFile(), '--anchors', anchorFile)).toMatchObject({
      status: 0,
      said: `valid: ${journal.lastSeq} rows, signed to row ${journal.lastSeq}, anchored to row ${journal.lastSeq}`,
    });
    spoil((db) => forge(db, 4));
    expect(run(journal.copy, '--key', keyFile())).toMatchObject({
      status: 1,
      said: 'broken at row 4: row and hash do not belong together',
    });
    spoil((db) => db.exec('DELETE FROM rows; DELETE FROM checkpoints'));
    expect(run(journal.copy, '--key', keyFile(), '--anchors', anchorFile)).toMatchObject({
      status: 1,
    });
  });

  it('exits with 2 where it cannot answer', () => {
    expect(run(journal.copy, '--key', join(journal.source, 'nothing.pem'))).toMatchObject({
      status: 2,
      said: '',
    });
    expect(run().complained).toContain('usage:');
  });

  it('takes the key from the PEM that the terminal exports', () => {
    const exported = createPublicKey(readFileSync(keyFile()));
    expect(exported.equals(journal.publicKey)).toBe(true);
  });
});
