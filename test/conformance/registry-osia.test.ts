import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { OsiaRegistry } from '../../src/registry/osia/osia-registry.ts';
import { OsiaBench } from '../registry/osia/osia-bench.ts';
import { LosingProxy } from '../registry/support/losing-proxy.ts';
import { describeRegistry } from './registry-suite.ts';

let bench: OsiaBench;
let proxy: LosingProxy;
const adapters = new Map<string, OsiaRegistry>();

beforeAll(async () => {
  bench = await OsiaBench.start();
  proxy = await LosingProxy.start(bench.server.url);
});
afterEach(() => {
  expect(bench.server.faults).toEqual([]);
});
afterAll(async () => {
  await proxy.stop();
  await bench.stop();
});

const support = {
  listByPerson: false,
  exclusiveReservation: true,
  signedPdf: false,
  cardMaterial: true,
  notes: false,
  journalHeads: false,
} as const;

describeRegistry('osia adapter and a strict server with entity tags', support, () => ({
  terminal: async (terminalId) => {
    const known = adapters.get(terminalId) ?? (await bench.terminal(terminalId));
    adapters.set(terminalId, known);
    return known;
  },
  losing: async (terminalId) => {
    const registry = await bench.terminal(terminalId, { url: proxy.url });
    return {
      registry,
      warmUp: async () => {
        const beat = { terminalId, at: 1, journalHead: null, inService: true };
        await registry.outcomes.heartbeat(beat, { deadlineMs: 10_000 });
        // The pool counts a connection as free one turn after its answer ended.
        await new Promise((resolve) => setImmediate(resolve));
      },
      loseNextAnswer: () => proxy.loseNextAnswer(),
      lostAnswers: () => proxy.lostAnswers,
    };
  },
  ready: (documentKind) => Promise.resolve(bench.ready(documentKind)),
  stateOf: (requestId) => Promise.resolve(bench.stateOf(requestId)),
  answersLate: (late) => {
    bench.server.slow = late;
    return Promise.resolve();
  },
}));
