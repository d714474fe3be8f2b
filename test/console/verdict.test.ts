import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { err, ok } from '../../src/base/result.ts';
import type { HeadKeeper, JournalHead, RegistryTrouble } from '../../src/registry/ports.ts';
import { decidedFields, storeStaffNote } from '../../src/journal/staff-note.ts';
import { discard, recordAttempt } from '../journal/fixture.ts';
import { ConsoleBench, plainPages, refusal } from './console-bench.ts';

// Processes, flushes and password hashes take long on a machine that others use too.
jest.setTimeout(120_000);

const folder = plainPages();
let bench: ConsoleBench;
let cookie: string;

afterAll(() => discard(folder));
beforeEach(async () => {
  bench = await ConsoleBench.open(join(folder, 'ui'));
  cookie = await bench.signedIn('Rini', ['reviewer']);
});
afterEach(async () => {
  await bench.close();
  expect(bench.logged).toEqual([]);
});

const by = { name: 'BUDI', reason: 'disk replaced', personId: null, osUid: 0 };
const ask = () => bench.post('/api/journal/verdict', {}, { cookie });
const verdict = async (): Promise<unknown> => (await ask()).json;

/** Records an attempt and has the head over it signed. */
async function headOfMore(): Promise<JournalHead> {
  await recordAttempt(bench.fixture.journal);
  bench.clock.advance(60_000);
  const head = await bench.fixture.journal.checkpoint();
  if (head === null) throw new Error('nothing was signed');
  return head;
}

/** A registry that keeps these heads and hands them out `aPage` at a time. */
function keeping(heads: readonly JournalHead[], aPage = 500): HeadKeeper['readHeads'] {
  return (afterSize) => {
    const left = heads.filter(({ size }) => size > afterSize);
    return Promise.resolve(ok({ heads: left.slice(0, aPage), more: left.length > aPage }));
  };
}

const nothingThere = {
  anchoredThrough: null,
  keptHeads: null,
  brokenAt: null,
  reason: null,
} as const;

describe('the verdict on the record', () => {
  it('is valid where every head that the registry keeps fits, however many pages they fill', async () => {
    const heads = [await headOfMore(), await headOfMore(), await headOfMore()];
    const [first, , newest] = heads;
    await recordAttempt(bench.fixture.journal);
    bench.readHeads = keeping(heads, 1);
    expect(await verdict()).toEqual({
      verdict: 'valid',
      rows: bench.events().length,
      checkpoints: expect.any(Number),
      signedThrough: bench.events().length,
      anchoredThrough: newest?.size,
      keptHeads: {
        count: 3,
        since: first?.at,
        newest: { size: newest?.size, head: newest?.head, at: newest?.at },
      },
      unanchoredBecause: null,
      lost: [],
      brokenAt: null,
      reason: null,
    });
  });

  it('is incomplete where a person took note that rows are lost, their heads kept or not', async () => {
    const head = await headOfMore();
    const gone = { ...head, size: head.size + 500, head: 'ab'.repeat(32) };
    const { lastSeq: notedIn } = await bench.fixture.journal.append({
      events: [
        {
          kind: 'journal.lossAccepted',
          lostAfter: head.size,
          lostThrough: gone.size,
          head: gone.head,
          heads: [gone.head],
          ...decidedFields(by),
        },
      ],
      also: ({ sql, seqs }) => storeStaffNote(sql, seqs[0] ?? 0, by),
    });
    const lost = [{ from: head.size + 1, through: gone.size, notedIn }];
    bench.readHeads = keeping([head]);
    expect(await verdict()).toMatchObject({ verdict: 'incomplete', lost, unanchoredBecause: null });
    bench.readHeads = () => Promise.resolve(err({ kind: 'unreachable' }));
    expect(await verdict()).toMatchObject({ verdict: 'incomplete', lost, anchoredThrough: null });
    const forged = { ...(await headOfMore()), at: 1 };
    bench.readHeads = keeping([forged]);
    expect(await verdict()).toMatchObject({ verdict: 'broken', lost, reason: 'anchorSignature' });
  });

  it('is that it holds, but that the registry keeps nothing of it yet', async () => {
    await recordAttempt(bench.fixture.journal);
    expect(await verdict()).toMatchObject({
      ...nothingThere,
      verdict: 'unanchored',
      rows: bench.events().length,
      unanchoredBecause: 'nothingKept',
    });
  });

  it.each<RegistryTrouble>([
    { kind: 'unreachable' },
    { kind: 'noAnswer' },
    { kind: 'nonsense', detail: 'answer of another shape' },
  ])('is not valid where the registry could not be asked: $kind', async (trouble) => {
    await headOfMore();
    bench.readHeads = () => Promise.resolve(err(trouble));
    expect(await verdict()).toMatchObject({
      ...nothingThere,
      verdict: 'unanchored',
      unanchoredBecause: trouble.kind,
    });
  });

  it('is not valid where the registry fell silent half way, and says how far it came', async () => {
    const heads = [await headOfMore(), await headOfMore()];
    const pages = keeping(heads, 1);
    bench.readHeads = (afterSize, options) =>
      afterSize === 0 ? pages(afterSize, options) : Promise.resolve(err({ kind: 'noAnswer' }));
    expect(await verdict()).toMatchObject({
      verdict: 'unanchored',
      unanchoredBecause: 'noAnswer',
      anchoredThrough: heads[0]?.size,
      keptHeads: { count: 1 },
    });
  });

  it('gives every call a deadline, and up after a minute of them', async () => {
    const head = await headOfMore();
    const deadlines: number[] = [];
    bench.readHeads = (afterSize, { deadlineMs }) => {
      deadlines.push(deadlineMs);
      bench.clock.advance(7_000);
      // Of sizes that rise for ever, as only a registry that lies has them.
      return Promise.resolve(ok({ heads: [{ ...head, size: afterSize + 1 }], more: true }));
    };
    expect(await verdict()).toMatchObject({ keptHeads: { count: 9 } });
    expect(deadlines).toEqual([8_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000, 4_000]);
  });

  it('is broken where rows under a kept head were cut off, signatures and all', async () => {
    const [left, cut] = [await headOfMore(), await headOfMore()];
    const database = bench.fixture.folder.journal;
    database.run('DELETE FROM rows WHERE seq > ?', left.size);
    database.run('DELETE FROM checkpoints WHERE size > ?', left.size);
    // Looks whole to whoever has nothing to hold it against: the tables of states alone tell.
    bench.readHeads = keeping([left, cut]);
    expect(await verdict()).toMatchObject({
      verdict: 'broken',
      brokenAt: left.size + 1,
      reason: 'anchorBeyondEnd',
      anchoredThrough: left.size,
      keptHeads: { newest: { size: cut.size } },
    });
  });

  it('is broken where the registry keeps two heads of one size', async () => {
    const head = await headOfMore();
    bench.readHeads = keeping([head, { ...head, head: '0'.repeat(64) }]);
    expect(await verdict()).toMatchObject({ verdict: 'broken', reason: 'anchorSignature' });
  });

  it('is where it broke, once a bit of a row was flipped', async () => {
    await recordAttempt(bench.fixture.journal);
    bench.fixture.folder.journal.run(
      `UPDATE rows SET body = replace(body, '"to":"composed"', '"to":"composee"')
       WHERE body LIKE '%"to":"composed"%'`,
    );
    expect(await verdict()).toMatchObject({ verdict: 'broken', reason: 'hashMismatch' });
  });

  it('is no break, however fast the record grows meanwhile', async () => {
    const { journal } = bench.fixture;
    for (let index = 0; index < 20; index += 1) await recordAttempt(journal);
    bench.keepHeads();
    const verdicts: unknown[] = [];
    const asking = (async () => {
      while (verdicts.length < 3) verdicts.push(await verdict());
    })();
    // A commit ends within one turn of the loop: without a turn between them nothing would be answered.
    while (verdicts.length < 3) {
      await recordAttempt(journal);
      await new Promise(setImmediate);
    }
    await asking;
    for (const each of verdicts) expect(each).toMatchObject({ verdict: 'valid', reason: null });
  });

  it('is made once at a time: whoever asks meanwhile is told to wait', async () => {
    const reached = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    bench.readHeads = async () => {
      reached.resolve(undefined);
      await goOn.promise;
      return ok({ heads: [], more: false });
    };
    const first = ask();
    await reached.promise;
    expect(refusal(await ask())).toEqual([503, { refused: 'recordBusy' }]);
    // The pages of the log do not wait for it.
    expect((await bench.ask('/api/print-log', { headers: { cookie } })).status).toBe(200);
    goOn.resolve(undefined);
    expect((await first).status).toBe(200);
    expect((await ask()).status).toBe(200);
  });
});
