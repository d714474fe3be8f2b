import { describe, expect, it } from '@jest/globals';
import { err, ok, type Result } from '../../src/base/result.ts';
import { deliverTo } from '../../src/core/delivery.ts';
import type { OutboxMessage } from '../../src/journal/outbox/message.ts';
import type { Registry } from '../../src/registry/ports.ts';

const report: OutboxMessage = {
  kind: 'outcomeReport',
  report: {
    attemptId: 'att_AAAAAAAAAAAAAAAA',
    requestId: 'req-1',
    terminalId: 'T-1',
    outcome: 'delivered',
    evidence: 'sensorSaw',
    faultCode: null,
    blankSerial: 'S1',
    blankBatch: 'B1',
    capturedOldCard: false,
    settledAt: 1,
  },
};
const receipt = { attemptId: 'att_AAAAAAAAAAAAAAAA', receiptId: 'r', requestState: 'diserahkan' };

function deliveryOf(answer: Result<unknown, { readonly kind: string }>) {
  const keys: (string | undefined)[] = [];
  const say = (_: unknown, second: unknown, third?: { idempotencyKey?: string }) => {
    keys.push((third ?? (second as { idempotencyKey?: string })).idempotencyKey);
    return Promise.resolve(answer);
  };
  const registry = {
    outcomes: { reportOutcome: say, sendCorrection: say, sendFeedback: say },
    requests: { release: say, hold: say },
  } as unknown as Registry;
  const deliver = deliverTo(
    registry,
    { head: () => null },
    {
      receiptEvents: () => [
        {
          kind: 'registry.outcomeReported',
          attemptId: receipt.attemptId,
          receiptId: 'r',
          requestState: 'diserahkan',
        },
      ],
      conflictEvents: () => [],
    },
  );
  return {
    keys,
    of: (message: OutboxMessage) => deliver({ id: 1, idempotencyKey: 'key-1', message, tries: 0 }),
  };
}

describe('what the registry is owed', () => {
  it('is sent under the key it was enqueued with', async () => {
    const delivery = deliveryOf(ok(receipt));
    await delivery.of(report);
    expect(delivery.keys).toEqual(['key-1']);
  });

  it('is done once the registry has the report, and the record says so', async () => {
    const delivered = await deliveryOf(ok(receipt)).of(report);
    if (delivered.end !== 'done') throw new Error(delivered.end);
    expect(delivered.events()).toMatchObject([{ kind: 'registry.outcomeReported' }]);
  });

  it.each(['unreachable', 'noAnswer', 'nonsense'])(
    'is tried again for ever after %s',
    async (kind) => {
      const delivery = deliveryOf(err({ kind }));
      expect(await delivery.of(report)).toEqual({ end: 'retry' });
      const attemptId = receipt.attemptId;
      expect(await delivery.of({ kind: 'release', attemptId })).toEqual({ end: 'retry' });
      const feedback = { sessionId: 's', element: 'waktu', score: 4 };
      expect(await delivery.of({ kind: 'feedback', feedback })).toEqual({ end: 'retry' });
    },
  );

  it('is done with where the registry has no place for it', async () => {
    const delivery = deliveryOf(err({ kind: 'notTaken' }));
    const feedback = { sessionId: 's', element: 'waktu', score: 4 };
    expect((await delivery.of({ kind: 'feedback', feedback })).end).toBe('done');
  });

  it.each(['conflict', 'unknownReservation'])('goes to people after %s', async (kind) => {
    expect(await deliveryOf(err({ kind })).of(report)).toMatchObject({ end: 'conflict' });
  });

  it('has nothing to give back where the registry knows of no reservation', async () => {
    const delivery = deliveryOf(err({ kind: 'unknownReservation' }));
    const { attemptId } = receipt;
    expect(await delivery.of({ kind: 'release', attemptId })).toMatchObject({ end: 'done' });
    expect(await delivery.of({ kind: 'hold', attemptId })).toMatchObject({ end: 'done' });
  });
});
