import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '../../../src/base/ids.ts';
import { deliverTo } from '../../../src/core/delivery.ts';
import { reportFor, reserveByCode } from '../../conformance/registry-under-test.ts';
import { RegistryBench } from '../support/registry-bench.ts';

let bench: RegistryBench;
beforeAll(async () => {
  bench = await RegistryBench.start();
});
afterAll(() => bench.stop());

const soon = { deadlineMs: 10_000 };
const unknown = { ok: false, error: { kind: 'unknownReservation' } };

it('a registry switched to deny its reservations says so to every call, and the report is kept for people', async () => {
  const terminal = await bench.terminal('T-1');
  const card = await bench.ready({ documentKind: 'ktpEl' });
  const attemptId = newId('att');
  const { reservation } = await reserveByCode(terminal, card, attemptId);
  const report = reportFor(reservation);
  const deliver = deliverTo(
    terminal,
    { head: () => null },
    {
      receiptEvents: () => [],
      conflictEvents: (id, why) => [{ kind: 'registry.outcomeDisputed', attemptId: id, why }],
    },
  );
  const item = { id: 1, idempotencyKey: newId('key'), tries: 0 };
  const send = () => deliver({ ...item, message: { kind: 'outcomeReport', report } });

  await bench.setFaults({ denyReservations: true });
  expect(await terminal.requests.readReservation(attemptId, soon)).toEqual(unknown);
  expect(await terminal.requests.renew(attemptId, soon)).toEqual(unknown);
  expect(await terminal.documents.printMaterial(attemptId, soon)).toEqual(unknown);
  expect(await terminal.requests.hold(attemptId, soon)).toEqual(unknown);
  expect(await terminal.requests.release(attemptId, soon)).toEqual(unknown);
  const answered = await send();
  if (answered.end !== 'conflict') throw new Error(answered.end);
  expect(answered.events()).toEqual([
    { kind: 'registry.outcomeDisputed', attemptId, why: 'unknownReservation' },
  ]);
  expect(await deliver({ ...item, message: { kind: 'release', attemptId } })).toMatchObject({
    end: 'done',
  });

  await bench.setFaults({ denyReservations: false });
  expect(await terminal.requests.readReservation(attemptId, soon)).toEqual({
    ok: true,
    value: reservation,
  });
});
