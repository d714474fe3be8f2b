import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../src/base/ids.ts';
import type { ListedRequest } from '../../../src/domain/request.ts';
import { reportFor, reserveByCode } from '../../conformance/registry-under-test.ts';
import { RegistryBench, type ReadyRequest } from '../support/registry-bench.ts';

let bench: RegistryBench;
beforeAll(async () => void (bench = await RegistryBench.start()));
afterAll(() => bench.stop());

async function listed(
  request: ReadyRequest,
  terminalId = 'T-1',
): Promise<ListedRequest | undefined> {
  const terminal = await bench.terminal(terminalId);
  const { claimToken } = await reserveByCode(terminal, request, newId('att'));
  const list = await terminal.requests.list(claimToken, { deadlineMs: 10_000 });
  if (!list.ok) throw new Error(list.error.kind);
  return list.value.find(({ requestId }) => requestId === request.requestId);
}

describe('the old card in the list', () => {
  it('is named by the UID of the subject, to a claimant who tapped nothing', async () => {
    const card = await bench.ready({ documentKind: 'ktpEl', reason: 'damaged' });
    expect(await listed(card)).toMatchObject({
      oldCard: 'toBeCapturedHere',
      oldCardUid: card.subject.ektpUid.toLowerCase(),
    });
  });

  it.each([
    { documentKind: 'ktpEl', reason: 'first' },
    { documentKind: 'ktpEl', reason: 'damaged', oldCard: 'surrenderedAtOffice' },
    { documentKind: 'kia', reason: 'damaged', oldCard: 'toBeCapturedHere' },
  ] as const)('is not named for %j', async (wish) => {
    expect(await listed(await bench.ready(wish))).toMatchObject({ oldCardUid: null });
  });
});

describe('the old card after a report of a spoiled new one', () => {
  it.each([
    [true, { oldCard: 'surrenderedAtOffice', oldCardUid: null }],
    [false, { oldCard: 'toBeCapturedHere' }],
  ] as const)('captured: %s, is listed at every terminal as %j', async (capturedOldCard, said) => {
    const card = await bench.ready({ documentKind: 'ktpEl', reason: 'damaged' });
    const soon = { deadlineMs: 10_000 };
    const terminal = await bench.terminal('T-1');
    const { reservation } = await reserveByCode(terminal, card, newId('att'));
    expect((await terminal.documents.printMaterial(reservation.attemptId, soon)).ok).toBe(true);
    const report = reportFor(reservation, { outcome: 'spoiled', capturedOldCard });
    expect(await terminal.outcomes.reportOutcome(report, null, soon)).toMatchObject({
      value: { requestState: 'siapCetak' },
    });
    expect(await listed(card, 'T-2')).toMatchObject(said);
  });
});
