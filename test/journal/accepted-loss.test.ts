import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { canonicalJson, sha256Hex } from '../../src/base/canonical-json.ts';
import { signedBytesOf } from '../../src/journal/chain/head.ts';
import { decidedFields, storeStaffNote } from '../../src/journal/staff-note.ts';
import type { JournalHead } from '../../src/registry/ports.ts';
import { discard, TERMINAL, touched, type OpenedFixture } from './fixture.ts';
import { rechain, SpoiledCopy } from './spoiled-copy.ts';

// Flushes and processes take long on a machine that others use too.
jest.setTimeout(60_000);

type Sign = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** A head over rows that are not those of the journal: of a chain that was lost, or rewritten. */
async function headOfOther(
  size: number,
  signIt: Sign,
  terminalId = TERMINAL,
): Promise<JournalHead> {
  const head = sha256Hex(Buffer.from(`row ${size} of another chain`));
  const unsigned = { terminalId, size, head, at: 1, algorithm: 'ed25519' } as const;
  const signature = Buffer.from(await signIt(signedBytesOf(unsigned))).toString('base64');
  return { ...unsigned, signature };
}

const by = { name: 'BUDI', reason: 'disk replaced', personId: null, osUid: 1000 };
const [LOST_AFTER, LOST_THROUGH] = [3, 60];
let signIt: Sign;
let lost: readonly JournalHead[];
let ofOlderProgram: readonly JournalHead[];
let noted: number;
let journal: SpoiledCopy;

/** Rows 1 to 3, and a person's word that 4 to 60 of another chain, and later 61 to 70, were there once. */
async function record({ journal: appended, signer }: OpenedFixture): Promise<void> {
  signIt = (bytes) => signer.sign(bytes);
  const headsOf = (sizes: readonly number[]) =>
    Promise.all(sizes.map((size) => headOfOther(size, signIt)));
  lost = await headsOf([5, 20, 40, LOST_THROUGH]);
  ofOlderProgram = await headsOf([65, 70]);
  await appended.append({ events: [touched(), touched()] });
  const accept = async (through: number, head: string, heads?: readonly string[]) => {
    const { lastSeq } = await appended.append({
      events: [
        {
          kind: 'journal.lossAccepted',
          lostAfter: LOST_AFTER,
          lostThrough: through,
          head,
          ...(heads === undefined ? {} : { heads: [...heads] }),
          ...decidedFields(by),
        },
      ],
      also: ({ sql, seqs }) => storeStaffNote(sql, seqs[0] ?? 0, by),
    });
    return lastSeq;
  };
  const digests = lost.map(({ head }) => head);
  // Rows of the new chain before the note: the terminal had run on before anybody took it.
  await appended.append({ events: [touched(), touched(), touched()] });
  noted = await accept(LOST_THROUGH, digests.at(-1) ?? '', digests);
  await accept(70, ofOlderProgram[1]?.head ?? '');
}

beforeAll(async () => {
  journal = await SpoiledCopy.make(record);
});
beforeEach(() => journal.refresh());
afterAll(() => discard(journal.source));

const losses = () => [
  [LOST_AFTER + 1, LOST_THROUGH, noted],
  [LOST_AFTER + 1, 70, noted + 1],
];
const anchorAt = (index: number): number => journal.anchors[index]?.size ?? 0;
const cutTo = (rows: number): void =>
  journal.spoil((db) => {
    for (const of of ['rows WHERE seq', 'checkpoints WHERE size', 'attempts WHERE opened_seq']) {
      db.prepare(`DELETE FROM ${of} > ?`).run(rows);
    }
  });

describe('a record of which rows were lost, as a person noted', () => {
  it('is incomplete and never valid, with anchors of the lost rows, with others, and with none', () => {
    const whole = { verdict: 'incomplete', at: null, lost: losses() };
    expect(journal.judge()).toMatchObject({ ...whole, anchoredThrough: null });
    // What covers lost rows anchors nothing.
    expect(journal.judge(lost)).toMatchObject({ ...whole, anchoredThrough: null });
    const held = [...lost, ...journal.anchors];
    expect(journal.judge(held)).toMatchObject({ ...whole, anchoredThrough: journal.lastSeq });
  });

  it('is found cut after the loss, past all anchors of the lost rows', () => {
    cutTo(anchorAt(1));
    expect(journal.judge([...lost, ...journal.anchors])).toEqual({
      verdict: 'cut',
      at: anchorAt(1) + 1,
      reason: 'anchorBeyondEnd',
      anchoredThrough: anchorAt(1),
      lost: losses(),
    });
  });

  it('is found broken where a head signed since, of a size between the lost ones, does not fit', async () => {
    const since = await headOfOther(anchorAt(0) + 2, signIt);
    expect(since.size).toBeGreaterThan(LOST_AFTER);
    expect(since.size).toBeLessThan(LOST_THROUGH);
    expect(journal.judge([...lost, since, ...journal.anchors])).toMatchObject({
      verdict: 'broken',
      at: since.size,
      reason: 'anchorMismatch',
      anchoredThrough: anchorAt(0),
      lost: losses(),
    });
  });

  it('is found broken where a row after the loss was changed', () => {
    journal.spoil((db) =>
      db.prepare(`UPDATE rows SET body = body || ' ' WHERE seq = ?`).run(anchorAt(1) + 1),
    );
    expect(journal.judge([...lost, ...journal.anchors])).toMatchObject({
      verdict: 'broken',
      at: anchorAt(1) + 1,
      reason: 'hashMismatch',
    });
  });

  it('excuses no head by another key or of another terminal', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const foreign = await headOfOther(40, (bytes) => sign(null, bytes, privateKey));
    expect(journal.judge([foreign])).toMatchObject({
      verdict: 'broken',
      at: 40,
      reason: 'anchorSignature',
    });
    const elsewhere = await headOfOther(20, signIt, 'ADM-9901-02');
    expect(journal.judge([elsewhere])).toMatchObject({
      verdict: 'broken',
      at: 20,
      reason: 'otherTerminal',
    });
  });

  it('excuses the one head that the note of an older program names, and no other of its sizes', () => {
    const [other, named] = ofOlderProgram;
    if (other === undefined || named === undefined) throw new Error('no heads');
    expect(journal.judge([named])).toMatchObject({ verdict: 'incomplete' });
    expect(journal.judge([other, named])).toMatchObject({
      verdict: 'cut',
      at: journal.lastSeq + 1,
      reason: 'anchorBeyondEnd',
    });
  });

  it('excuses nothing by a note that nobody signed: who cuts a tail cannot excuse it himself', () => {
    cutTo(anchorAt(1));
    const seq = anchorAt(1) + 1;
    journal.spoil((db) => {
      const heads = journal.anchors.slice(2).map(({ head }) => head);
      const forged = {
        kind: 'journal.lossAccepted',
        lostAfter: anchorAt(1),
        lostThrough: anchorAt(2),
        head: heads.at(-1) ?? '',
        heads,
        ...decidedFields(by),
      };
      const body = canonicalJson({ at: 1, event: forged, mono: 1 });
      db.prepare('INSERT INTO rows (seq, body, hash) VALUES (?, ?, zeroblob(32))').run(seq, body);
      rechain(db, seq);
    });
    expect(journal.judge([...lost, ...journal.anchors])).toMatchObject({
      verdict: 'cut',
      at: seq + 1,
      reason: 'anchorBeyondEnd',
      lost: losses(),
    });
  });

  it('excuses nothing by a note without its own row: where that was taken out, the first head breaks', () => {
    journal.spoil((db) => {
      db.prepare(
        `UPDATE rows SET body = replace(body, 'journal.lossAccepted', 'journal.lossForgotte')
        WHERE seq = ?`,
      ).run(noted);
    });
    expect(journal.judge(lost)).toMatchObject({
      verdict: 'broken',
      at: 5,
      reason: 'anchorMismatch',
      lost: [],
    });
  });

  it('is called so by the independent program, which exits as for any that is not whole', () => {
    const anchors = join(journal.source, 'anchors.json');
    writeFileSync(anchors, JSON.stringify([...lost, ...journal.anchors]));
    const script = join(import.meta.dirname, '../../scripts/verify-journal.mjs');
    const key = join(journal.source, 'data/keys/journal.pub.pem');
    const options = [journal.copy, '--key', key, '--anchors', anchors];
    const { status, stdout } = spawnSync(process.execPath, [script, ...options], {
      encoding: 'utf8',
    });
    const { lastSeq } = journal;
    expect(stdout.trim().split('\n')).toEqual([
      `incomplete: ${lastSeq} rows, signed to row ${lastSeq}, anchored to row ${lastSeq}`,
      `rows 4 to 60 of before are lost: a person took note of it in row ${noted}`,
      `rows 4 to 70 of before are lost: a person took note of it in row ${noted + 1}`,
    ]);
    expect(status).toBe(1);
  });
});
