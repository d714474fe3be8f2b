import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
