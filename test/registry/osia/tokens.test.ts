import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { denialSentence } from '../../../src/registry/osia/denial.ts';
import { operations } from '../../../src/registry/osia/operations.ts';
import type { OsiaRegistry } from '../../../src/registry/osia/osia-registry.ts';
import { Contract } from './contract.ts';
import { OsiaBench } from './osia-bench.ts';

let bench: OsiaBench;
beforeAll(async () => {
  bench = await OsiaBench.start();
});
beforeEach(() => {
  const { server } = bench;
  Object.assign(server, { withheld: [], tellsScopes: true, makesBadTokens: false, tokensMade: 0 });
  server.carriedOut.length = 0;
  bench.denials.length = 0;
});
afterEach(() => {
  expect(bench.server.faults).toEqual([]);
});
afterAll(() => bench.stop());

const soon = { deadlineMs: 10_000 };
const beat = (registry: OsiaRegistry) =>
  registry.outcomes.heartbeat(
    { terminalId: 'T-1', at: 1, journalHead: null, inService: true },
    soon,
  );
const nonsense = (detail: string) => ({ ok: false, error: { kind: 'nonsense', detail } });

describe('the token', () => {
  it('is fetched once for all who ask at the same time', async () => {
    const registry = await bench.terminal('T-1');
    const answers = await Promise.all(Array.from({ length: 12 }, () => beat(registry)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(bench.server.tokensMade).toBe(1);
  });

  it('is renewed before it expires, and not sooner than need be', async () => {
    const clock = new FakeClock();
    const registry = await bench.terminal('T-1', { clock });
    await beat(registry);
    clock.advance(239_000);
    await beat(registry);
    expect(bench.server.tokensMade).toBe(1);
    clock.advance(2_000);
    expect((await beat(registry)).ok).toBe(true);
    expect(bench.server.tokensMade).toBe(2);
  });

  it('is fetched anew, once, where the registry took it back', async () => {
    const registry = await bench.terminal('T-1');
    await beat(registry);
    bench.server.revokeTokens();
    expect((await beat(registry)).ok).toBe(true);
    expect(bench.server.tokensMade).toBe(2);
    expect(bench.denials).toEqual([]);
  });

  it('that is never accepted (401) is told apart from one that is not enough (403)', async () => {
    const registry = await bench.terminal('T-1');
    bench.server.makesBadTokens = true;
    expect(await beat(registry)).toEqual(nonsense('tokenNotAccepted'));
    expect(bench.server.tokensMade).toBe(2);

    bench.server.makesBadTokens = false;
    bench.server.withheld = ['cms.profile.read'];
    bench.server.tellsScopes = false;
    expect(await beat(registry)).toEqual(nonsense('operationForbidden'));
    expect(bench.denials).toEqual([
      { kind: 'tokenNotAccepted', operation: 'findCredentialProfiles' },
      {
        kind: 'operationForbidden',
        operation: 'findCredentialProfiles',
        scope: 'cms.profile.read',
      },
    ]);
    const [unaccepted, forbidden] = bench.denials.map(denialSentence);
    expect(unaccepted).toContain('does not accept a fresh token');
    expect(forbidden).toContain('scope cms.profile.read is missing');
  });

  it('without a scope that was asked for is not used at all', async () => {
    const registry = await bench.terminal('T-1');
    bench.server.withheld = ['cms.request.write'];
    expect(await beat(registry)).toEqual(nonsense('scopesNotGranted'));
    expect(bench.denials).toEqual([{ kind: 'scopesNotGranted', missing: ['cms.request.write'] }]);
    expect(bench.denials.map(denialSentence).join()).toContain('cms.request.write');
    expect(bench.server.carriedOut).toEqual([]);
  });

  it('that the token server does not give is a sentence of its own', async () => {
    const registry = await bench.terminal('T-1', { tokenUrl: `${bench.server.url}/v1/nowhere` });
    expect(await beat(registry)).toEqual(nonsense('tokenNotIssued'));
    expect(bench.denials).toEqual([{ kind: 'tokenNotIssued', status: 400 }]);
    expect(bench.server.faults.splice(0)).toHaveLength(1);
  });
});

describe('the scopes', () => {
  it.each(Object.entries(operations))('of %s are those of the interface file', (name, one) => {
    const contract = new Contract(one.at === 'cms' ? 'cms.yaml' : 'dataaccess.yaml');
    const found = contract.find(one.method, one.path.replace('{id}', 'x'));
    expect(found?.id).toBe(name);
    expect(found?.scopes).toContain(one.scope);
  });
});
