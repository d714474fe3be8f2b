import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/base/ids.ts';
import { incidentEndLine, incidentLine } from '../../src/cli/incident-lines.ts';
import { acts } from '../../src/issuance/attempt-machine.ts';
import type { AttemptRun } from '../../src/issuance/attempt-run.ts';
import { planClosing } from '../../src/issuance/stock/correcting.ts';
import { openIncidents } from '../../src/issuance/stock/incidents.ts';
import { expectUnavailableSentence } from '../journey/support/sentences.ts';
import { Bench, requestOf, type Core } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

/** As if its database came from a backup of before the hand-over. */
function putRegistryBack(requestId: string): void {
  const request = bench.registry.requests.get(requestId);
  if (request === undefined) throw new Error('no such request');
  Object.assign(request, { state: 'siapCetak', holder: null });
}

async function twoClose(core: Core, incidentId: string): Promise<void> {
  const by = [newId('per'), newId('per')] as const;
  const closing = planClosing(core.stock, { incidentId, finding: 'explained' }, by);
  if (!closing.ok) throw new Error(closing.error.kind);
  await core.journal.append({ events: [...closing.value] });
}

describe('a registry that was put back to an older state', () => {
  it('does not get a second original of a card that is out by our own record', async () => {
    const core = await bench.restart();
    const request = requestOf('ktpEl');
    const first = await bench.print(core, request);
    await core.outbox.idle();
    expect(first.settlement.outcome).toBe('delivered');
    expect(core.book.read(first.settlement.attemptId)?.state).toBe('confirmed');
    putRegistryBack(request.requestId);

    const again = await bench.print(core, request);
    expect(again.settlement).toMatchObject({ outcome: 'notPrinted', problem: 'notReadyAnymore' });
    expect(core.book.read(again.settlement.attemptId)?.faultCode).toBe('handedOutBefore');
    expect(bench.cabinet.out).toHaveLength(1);
    // It was not even asked to reserve.
    expect(bench.registry.requests.get(request.requestId)?.state).toBe('siapCetak');
  });

  it('closes the card path until two people compared it with the record, and says so', async () => {
    const core = await bench.restart();
    const request = requestOf('ktpEl');
    const { attemptId } = (await bench.print(core, request)).settlement;
    await core.outbox.idle();
    putRegistryBack(request.requestId);
    await bench.print(core, request);

    const [incident, ...more] = openIncidents(core.journal.reader);
    if (incident === undefined) throw new Error('no incident');
    expect(more).toEqual([]);
    const { requestId } = request;
    expect(incident).toMatchObject({
      attemptId,
      incident: { what: 'registryForgot', of: 'handOver', requestId },
    });
    expect(incidentLine(incident.incident)).toMatch(
      /asks for a card that is out.*No card is printed/,
    );
    expect(incidentEndLine(incident.incidentId, incident.incident)).toContain(
      '--finding explained',
    );
    expect(core.issuance.availability()).toMatchObject({
      ktpEl: { available: false, reason: 'registryForgot' },
      kia: { available: false, reason: 'registryForgot' },
      kk: { available: true },
    });
    expectUnavailableSentence('registryForgot');
    const other = await bench.print(core, requestOf('kia'));
    expect(other.settlement).toMatchObject({ outcome: 'notPrinted', problem: 'printerTrouble' });

    await twoClose(core, incident.incidentId);
    expect((await bench.print(core, requestOf('kia'))).settlement.outcome).toBe('delivered');
    // Whatever people found: that card is out. But they were told of it, and closed it.
    expect((await bench.print(core, request)).settlement.outcome).toBe('notPrinted');
    expect(bench.cabinet.out).toHaveLength(2);
    expect(openIncidents(core.journal.reader)).toEqual([]);
    expect(core.issuance.availability()).toMatchObject({
      ktpEl: { available: true },
      kia: { available: true },
    });
  });

  it('is an incident again where it asks for the card of another request, though one was closed', async () => {
    const core = await bench.restart();
    for (const request of [requestOf('ktpEl'), requestOf('kia')]) {
      await bench.print(core, request);
      await core.outbox.idle();
      putRegistryBack(request.requestId);
      await bench.print(core, request);
      const [incident, ...more] = openIncidents(core.journal.reader);
      expect(incident?.incident).toMatchObject({ requestId: request.requestId });
      expect(more).toEqual([]);
      await twoClose(core, incident?.incidentId ?? '');
    }
  });

  it('gets a second original from a mutant that asks it alone, so our own record is what stops that', async () => {
    const forgetful = (run: AttemptRun) => {
      run.refusal = null;
      return acts.reserve(run);
    };
    const core = await bench.restart({ parts: { acts: { ...acts, reserve: forgetful } } });
    const request = requestOf('ktpEl');
    await bench.print(core, request);
    await core.outbox.idle();
    putRegistryBack(request.requestId);
    expect((await bench.print(core, request)).settlement.outcome).toBe('delivered');
    expect(bench.cabinet.out).toHaveLength(2);
  });

  it('may have a KK printed again, which is no original on controlled stock', async () => {
    const core = await bench.restart();
    const request = requestOf('kk');
    expect((await bench.print(core, request)).settlement.outcome).toBe('delivered');
    await core.outbox.idle();
    putRegistryBack(request.requestId);
    expect((await bench.print(core, request)).settlement.outcome).toBe('delivered');
    expect(openIncidents(core.journal.reader)).toEqual([]);
  });
});

describe('a card that lies in the reject bin', () => {
  it('may be printed again, for it is not out', async () => {
    const core = await bench.restart();
    const request = requestOf('ktpEl');
    bench.cabinet.strike('encode', 'chipSilent', 'before');
    const { settlement } = await bench.print(core, request);
    expect(settlement.outcome).toBe('spoiled');
    await core.outbox.idle();
    const again = await bench.print(core, request);
    expect(again.settlement.outcome).toBe('delivered');
  });
});
