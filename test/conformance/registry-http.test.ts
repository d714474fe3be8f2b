import { afterAll, beforeAll } from '@jest/globals';
import type { HttpRegistry } from '../../src/registry/http/http-registry.ts';
import { LosingProxy } from '../registry/support/losing-proxy.ts';
import { RegistryBench } from '../registry/support/registry-bench.ts';
import { describeRegistry } from './registry-suite.ts';

let bench: RegistryBench;
let proxy: LosingProxy;
const adapters = new Map<string, HttpRegistry>();

beforeAll(async () => {
  bench = await RegistryBench.start();
  proxy = await LosingProxy.start(bench.running.terminalApiUrl);
});
afterAll(async () => {
  await proxy.stop();
  await bench.stop();
});

const support = {
  listByPerson: true,
  exclusiveReservation: true,
  signedPdf: true,
  cardMaterial: true,
  notes: true,
  journalHeads: true,
} as const;

describeRegistry('http adapter and reference registry over mTLS', support, () => ({
  terminal: async (terminalId) => {
    const known = adapters.get(terminalId) ?? (await bench.terminal(terminalId));
    adapters.set(terminalId, known);
    return known;
  },
  losing: async (terminalId) => {
    const registry = await bench.terminal(terminalId, proxy.url);
    return {
      registry,
      warmUp: async () => {
        await registry.requests.readReservation('att_NONE', { deadlineMs: 10_000 });
        // The pool counts a connection as free one turn after its answer ended.
        await new Promise((resolve) => setImmediate(resolve));
      },
      loseNextAnswer: () => proxy.loseNextAnswer(),
      lostAnswers: () => proxy.lostAnswers,
    };
  },
  ready: (documentKind) => bench.ready({ documentKind }),
  stateOf: (requestId) => bench.stateOf(requestId),
  answersLate: async (late) => {
    await bench.setFaults({ slow: late });
  },
}));
