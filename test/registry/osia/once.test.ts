import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/base/ids.ts';
import { reserve, type Decision, type Ledger } from '../../../src/registry/osia/attempts.ts';
import type { Reservation, ReserveRefusal } from '../../../src/registry/ports.ts';
import { keyed, reportFor, reserveByCode, soon } from '../../conformance/registry-under-test.ts';
import { OsiaBench } from './osia-bench.ts';

let bench: OsiaBench;
beforeAll(async () => {
  bench = await OsiaBench.start();
});
afterEach(() => {
  expect(bench.server.faults).toEqual([]);
});
afterAll(() => bench.stop());

const updatesOf = (requestId: string): number =>
  bench.store.updates.filter((one) => one === requestId).length;

describe('an update whose answer was lost', () => {
  it('is found done, for everything that an attempt writes', async () => {
    const registry = await bench.terminal('T-ONCE');
    const card = bench.ready('ktpEl');
    const attemptId = newId('att');
    const lose = (operation: string): void => {
      bench.server.losesAnswerTo = operation;
    };
    lose('updateCredentialRequest');
    const { reservation } = await reserveByCode(registry, card, attemptId);
    expect(bench.server.losesAnswerTo).toBeNull();
    expect(updatesOf(card.requestId)).toBe(1);

    lose('updateCredentialRequest');
    expect(await registry.documents.printMaterial(attemptId, soon)).toMatchObject({ ok: true });
    expect(bench.server.losesAnswerTo).toBeNull();
    expect(updatesOf(card.requestId)).toBe(2);

    lose('updateCredentialRequest');
    const report = reportFor(reservation);
    const first = await registry.outcomes.reportOutcome(report, null, soon);
    expect(first).toMatchObject({ ok: true, value: { requestState: 'diserahkan' } });
    expect(updatesOf(card.requestId)).toBe(3);
    expect(await registry.outcomes.reportOutcome(report, null, soon)).toEqual(first);
    expect(updatesOf(card.requestId)).toBe(3);
    expect(bench.stateOf(card.requestId)).toBe('diserahkan');
  });

  it('is finished by the same report where the credential was left behind', async () => {
    const registry = await bench.terminal('T-ONCE');
    const card = bench.ready('ktpEl');
    const attemptId = newId('att');
    const { reservation } = await reserveByCode(registry, card, attemptId);
    await registry.documents.printMaterial(attemptId, soon);
    bench.server.losesAnswerTo = 'setCredentialStatus';
    const first = await registry.outcomes.reportOutcome(reportFor(reservation), null, soon);
    expect(first.ok).toBe(true);
    const made = [...bench.store.credentials].at(-1);
    if (made === undefined) throw new Error('no credential');
    const [credentialId, credential] = made;
    expect(credential['status']).toBe('ACTIVE');
    // What somebody decides of the credential later is not undone by a report that comes again.
    bench.store.credentials.set(credentialId, { ...credential, status: 'REVOKED' });
    expect(await registry.outcomes.reportOutcome(reportFor(reservation), null, soon)).toEqual(
      first,
    );
    expect(bench.store.credentials.get(credentialId)?.['status']).toBe('REVOKED');
    bench.store.credentials.set(credentialId, { ...credential, status: 'NEW' });
    await registry.outcomes.reportOutcome(reportFor(reservation), null, soon);
    expect(bench.store.credentials.get(credentialId)?.['status']).toBe('ACTIVE');
  });

  type Reserve = (ledger: Ledger, attemptId: string) => Decision<Reservation, ReserveRefusal>;
  const now = Date.UTC(2026, 0, 5);
  const keyless: Reserve = (ledger, attemptId) =>
    reserve(
      { ...ledger, attempts: ledger.attempts.filter((one) => one.attemptId !== attemptId) },
      { attemptId, terminalId: 'T-1' },
      now,
    );
  const real: Reserve = (ledger, attemptId) =>
    reserve(ledger, { attemptId, terminalId: 'T-1' }, now);

  /** How often one attempt writes when it is asked again and again, also after it ended. */
  function writes(decide: Reserve): number {
    const empty: Ledger = {
      requestId: 'req_1',
      documentKind: 'ktpEl',
      status: 'PENDING',
      credentials: [],
      attempts: [],
    };
    let ledger = empty;
    let count = 0;
    for (const end of [false, false, true, false]) {
      const { write } = decide(ledger, 'att_1');
      if (write !== null) {
        count += 1;
        ledger = { ...ledger, attempts: write.attempts };
      }
      if (end) {
        const attempts = ledger.attempts.map((one) => ({ ...one, state: 'ended' as const }));
        ledger = { ...ledger, attempts };
      }
    }
    return count;
  }

  it('would be carried out again without the attempt as its key', () => {
    expect(writes(real)).toBe(1);
    expect(writes(keyless)).toBeGreaterThan(1);
  });
});

describe('pre-assignment', () => {
  const assigned = (terminalId: string) => (request: Record<string, unknown>) => ({
    ...request,
    requestData: { ...(request['requestData'] as object), deliveryOffice: terminalId },
  });

  it('gives a request to the terminal that it names and to no other, without entity tags', async () => {
    const exclusivity = 'preAssigned' as const;
    const own = await bench.terminal('T-ASSIGNED', { exclusivity });
    const other = await bench.terminal('T-PASSER', { exclusivity });
    expect(own.support.exclusiveReservation).toBe(false);
    const card = bench.ready('ktpEl', assigned('T-ASSIGNED'));
    await expect(reserveByCode(other, card, newId('att'))).rejects.toThrow('reservedElsewhere');
    const attemptId = newId('att');
    bench.server.losesAnswerTo = 'updateCredentialRequest';
    const { reservation } = await reserveByCode(own, card, attemptId);
    expect(updatesOf(card.requestId)).toBe(1);
    await own.documents.printMaterial(attemptId, soon);
    expect(await own.outcomes.reportOutcome(reportFor(reservation), null, keyed())).toMatchObject({
      value: { requestState: 'diserahkan' },
    });
    await expect(reserveByCode(other, card, newId('att'))).rejects.toThrow('codeUsed');
  });

  it('writes nothing where a lease is renewed, so that no late renewal undoes what came meanwhile', async () => {
    const own = await bench.terminal('T-ASSIGNED', { exclusivity: 'preAssigned' });
    const card = bench.ready('ktpEl', assigned('T-ASSIGNED'));
    const attemptId = newId('att');
    const { reservation } = await reserveByCode(own, card, attemptId);
    const written = updatesOf(card.requestId);
    expect(await own.requests.renew(attemptId, soon)).toMatchObject({ value: { state: 'held' } });
    expect(updatesOf(card.requestId)).toBe(written);
    await Promise.all([
      ...Array.from({ length: 5 }, () => own.requests.renew(attemptId, soon)),
      own.requests.hold(attemptId, soon),
    ]);
    expect(await own.requests.renew(attemptId, soon)).toMatchObject({ value: { state: 'onHold' } });
    const spoiled = { ...reportFor(reservation), outcome: 'spoiled' } as const;
    await own.outcomes.reportOutcome(spoiled, null, soon);
    expect(bench.stateOf(card.requestId)).toBe('perluPeriksa');
  });

  it('gives a request that names nobody to nobody', async () => {
    const own = await bench.terminal('T-ASSIGNED', { exclusivity: 'preAssigned' });
    const card = bench.ready('ktpEl');
    await expect(reserveByCode(own, card, newId('att'))).rejects.toThrow('reservedElsewhere');
    expect(updatesOf(card.requestId)).toBe(0);
  });
});

describe('after a restart', () => {
  it('the terminal reads its reservation by its own record, and by that alone', async () => {
    const before = await bench.terminal('T-ONCE');
    const card = bench.ready('ktpEl');
    const attemptId = newId('att');
    await reserveByCode(before, card, attemptId);
    const forgetful = await bench.terminal('T-ONCE');
    expect(await forgetful.requests.readReservation(attemptId, soon)).toMatchObject({
      error: { kind: 'unknownReservation' },
    });
    const recordedRequest = (asked: string) => (asked === attemptId ? card.requestId : null);
    const after = await bench.terminal('T-ONCE', { recordedRequest });
    expect(await after.requests.readReservation(attemptId, soon)).toMatchObject({
      value: { state: 'held' },
    });
    expect(await after.requests.release(attemptId, soon)).toMatchObject({
      value: { state: 'ended' },
    });
    expect(bench.stateOf(card.requestId)).toBe('siapCetak');
  });
});
