import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import type { HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import type { JournalHead } from '../../../src/registry/ports.ts';
import { httpAnswer, LyingRegistry } from '../support/lying-registry.ts';
import { RegistryBench } from '../support/registry-bench.ts';

const TERMINAL = 'T-HEADS';
const options = { deadlineMs: 10_000 };

let bench: RegistryBench;
let lying: LyingRegistry;
let honest: HttpRegistry;
let deceived: HttpRegistry;

beforeAll(async () => {
  bench = await RegistryBench.start();
  lying = await LyingRegistry.start(bench.pki);
  honest = await bench.terminal(TERMINAL);
  deceived = await bench.terminal(TERMINAL, lying.url);
});
afterAll(async () => {
  await bench.stop();
  await lying.stop();
});

const headOf = (size: number, head = 'ab'.repeat(32)): JournalHead => ({
  terminalId: TERMINAL,
  size,
  head,
  at: size,
  algorithm: 'ed25519',
  signature: 'AA==',
});

const digestOf = (n: number): string => n.toString(16).padStart(64, '0');
const counted = (from: number, through: number): number[] =>
  Array.from({ length: through - from + 1 }, (_, index) => from + index);

/** Has the registry keep these of a terminal, in this order, and reads them page after page, as all who read them do. */
async function pagesOf(
  terminalId: string,
  kept: readonly JournalHead[],
): Promise<(readonly JournalHead[])[]> {
  const database = new BetterSqlite3(path.join(bench.dataDir, 'registry.db'));
  const insert = database.prepare('INSERT INTO journal_heads VALUES (?, ?, ?, ?, ?)');
  database.transaction(() =>
    kept.forEach(({ size, head }, at) =>
      insert.run(terminalId, size, head, JSON.stringify({ ...headOf(size, head), terminalId }), at),
    ),
  )();
  database.close();
  const { heads } = await bench.terminal(terminalId);
  const pages: (readonly JournalHead[])[] = [];
  for (let more = true; more;) {
    const page = await heads.readHeads(pages.at(-1)?.at(-1)?.size ?? 0, options);
    if (!page.ok) throw new Error(page.error.kind);
    pages.push(page.value.heads);
    more = page.value.more;
  }
  return pages;
}

describe('the heads that the registry keeps', () => {
  it('are read back as they came with heartbeats, from any size on, a fork included', async () => {
    expect(await honest.heads.readHeads(0, options)).toEqual({
      ok: true,
      value: { heads: [], more: false },
    });
    const kept = [headOf(3), headOf(9), headOf(9, 'cd'.repeat(32)), headOf(12)];
    for (const journalHead of kept) {
      const beat = { terminalId: TERMINAL, at: 1, journalHead, inService: true };
      expect(await honest.outcomes.heartbeat(beat, options)).toMatchObject({ ok: true });
    }
    expect(await honest.heads.readHeads(0, options)).toEqual({
      ok: true,
      value: { heads: kept, more: false },
    });
    expect(await honest.heads.readHeads(9, options)).toEqual({
      ok: true,
      value: { heads: [headOf(12)], more: false },
    });
  });

  it('are handed out to the last, where two of one size lie about the end of a page', async () => {
    const sizes = [...counted(1, 500), 500, 501];
    const pages = await pagesOf(
      'T-FORK',
      sizes.map((size, index) => headOf(size, digestOf(index))),
    );
    expect(pages.map((page) => page.length)).toEqual([499, 3]);
    expect(pages.flat().map(({ size }) => size)).toEqual(sizes);
  });

  it('show a fork even where those of one size are more than a page', async () => {
    const pages = await pagesOf('T-FORKS', [
      ...counted(1, 501).map((index) => headOf(7, digestOf(index))),
      headOf(8),
    ]);
    expect(pages.map((page) => page.length)).toEqual([500, 1]);
    expect(new Set(pages[0]?.map(({ size }) => size))).toEqual(new Set([7]));
    expect(pages[1]).toMatchObject([{ size: 8 }]);
  });

  it.each([
    ['that go back', { heads: [headOf(12), headOf(9)], more: false }],
    ['that were handed out before', { heads: [headOf(8)], more: true }],
    ['of which there are none, though there be more', { heads: [], more: true }],
    ['of another terminal', { terminalId: 'T-OTHER', heads: [], more: false }],
    ['of no form', { heads: [{ size: 9 }], more: false }],
  ])('are nonsense where they are heads %s', async (_, page) => {
    lying.tell(httpAnswer(JSON.stringify({ terminalId: TERMINAL, ...page })));
    expect(await deceived.heads.readHeads(8, options)).toMatchObject({
      ok: false,
      error: { kind: 'nonsense' },
    });
  });
});
