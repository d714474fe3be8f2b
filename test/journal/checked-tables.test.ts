import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { newId } from '../../src/base/ids.ts';
import type { Outcome } from '../../src/domain/attempt.ts';
import type { JournalEvent } from '../../src/journal/catalogue.ts';
import {
  discard,
  openAgain,
  openFixture,
  recordAttempt,
  temporaryFolder,
  TERMINAL,
  touched,
  type OpenedFixture,
} from './fixture.ts';
import { oweReport } from './owed-report.ts';

// Flushes take long on a machine that others use too.
jest.setTimeout(60_000);

const clock = new FakeClock();
let fixture: OpenedFixture;
beforeEach(() => {
  fixture = openFixture(temporaryFolder(), clock);
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

const start = () => openAgain(fixture, clock);
const run = (sql: string, ...params: string[]): void =>
  void fixture.folder.journal.run(sql, ...params);

function expectRefused(table: string, key: string): void {
  expect(start()).toEqual({ ok: false, error: { kind: 'stateMismatch', table, key } });
  expect(fixture.journal.verify().firstBreak).toMatchObject({ reason: 'stateMismatch' });
}

/** A card whose attempt ended so long ago that its rows are not folded with the recent ones. */
async function oldCard(
  outcome: Outcome,
  state: 'confirmed' | 'unresolved' | 'needsReview',
): Promise<string> {
  const which = {
    attemptId: newId('att'),
    sessionId: newId('ses'),
    requestId: newId('req'),
    documentKind: 'ktpEl',
  } as const;
  const { attemptId } = which;
  const entered = { kind: 'attempt.stateEntered', attemptId } as const;
  const first = state === 'unresolved' ? state : 'confirming';
  const settled = {
    kind: 'attempt.settled',
    ...which,
    outcome,
    evidence: 'sensorSaw',
    faultCode: null,
    blank: null,
    capturedOldCard: false,
  } as const;
  const events: JournalEvent[] = [
    { ...entered, ...which, from: null, to: 'claiming' },
    { ...entered, from: 'claiming', to: first },
    settled,
  ];
  if (first !== state) events.push({ ...entered, from: first, to: state });
  if (state === 'needsReview') {
    events.push({ kind: 'registry.outcomeDisputed', attemptId, why: 'conflict' });
  }
  await fixture.journal.append({ events, also: (tx) => oweReport(tx, settled, TERMINAL) });
  for (let rows = 0; rows < 2_100; rows += 100) {
    await fixture.journal.append({ events: Array.from({ length: 100 }, touched) });
  }
  return attemptId;
}

/** A card in doubt of which people said that the citizen holds it; completes with the key of what is owed. */
async function decidedCard(): Promise<string> {
  const attemptId = await oldCard('uncertain', 'unresolved');
  const whose = z.strictObject({ sessionId: z.string(), requestId: z.string() });
  const { sessionId, requestId } = whose.parse(
    fixture.journal.reader.get(
      whose,
      'SELECT session_id AS sessionId, request_id AS requestId FROM attempts',
    ),
  );
  const [decisionId, ...by] = [newId('dec'), newId('per'), newId('per')];
  const correction = {
    decisionId,
    attemptId,
    requestId,
    terminalId: TERMINAL,
    outcome: 'delivered',
    blankSerial: null,
    blankBatch: null,
    decidedBy: by,
    decidedAt: 0,
  } as const;
  const key = `outcomeCorrection:${decisionId}`;
  await fixture.journal.append({
    events: [
      {
        kind: 'attempt.stateEntered',
        attemptId,
        from: 'unresolved',
        to: 'resolvedDelivered',
      },
      {
        kind: 'attempt.resolved',
        attemptId,
        sessionId,
        requestId,
        documentKind: 'ktpEl',
        decisionId,
        by,
        choice: 'citizenHolds',
        outcome: 'delivered',
        evidence: 'staffSaw',
        blank: null,
      },
    ],
    also: (tx) => tx.enqueue(key, { kind: 'outcomeCorrection', correction }),
  });
  return key;
}

async function closedAndOpenIncident(): Promise<{ closed: string; open: string }> {
  const [closed, open] = [newId('inc'), newId('inc')];
  const incident = { what: 'registryForgot', of: 'head', requestId: null } as const;
  const found = { kind: 'stock.incidentFound', incident, attemptId: null } as const;
  const by: [string, string] = [newId('per'), newId('per')];
  await fixture.journal.append({
    events: [
      { ...found, incidentId: closed },
      { kind: 'stock.incidentClosed', incidentId: closed, finding: 'explained', by },
      { ...found, incidentId: open },
    ],
  });
  return { closed, open };
}

describe('a start on incidents', () => {
  it('goes on where the table has them as the events say', async () => {
    await closedAndOpenIncident();
    expect(start().ok).toBe(true);
  });

  it.each<[string, 'closed' | 'open', string]>([
    ['an open one is called closed', 'open', 'UPDATE stock_incidents SET closed_seq = 1'],
    ['an open one is gone', 'open', 'DELETE FROM stock_incidents'],
    ['an open one is another', 'open', "UPDATE stock_incidents SET what = 'countDifference'"],
    ['a closed one is open', 'closed', 'UPDATE stock_incidents SET closed_seq = NULL'],
    [
      'a closed one has another finding',
      'closed',
      "UPDATE stock_incidents SET finding = 'corrected'",
    ],
  ])('is refused where %s', async (_, which, change) => {
    const incidents = await closedAndOpenIncident();
    run(`${change} WHERE incident_id = ?`, incidents[which]);
    expectRefused('stock_incidents', incidents[which]);
  });
});

describe('a start on old cards', () => {
  const captured = (requestId: string): JournalEvent => ({
    kind: 'oldCard.captured',
    attemptId: newId('att'),
    requestId,
    capturedCount: 1,
  });

  it.each([
    ['one is gone', 'DELETE FROM old_cards'],
    ['one is of another request', "UPDATE old_cards SET request_id = 'REQ-9'"],
  ])('is refused where %s', async (_, change) => {
    await fixture.journal.append({ events: [captured('REQ-1')] });
    expect(start().ok).toBe(true);
    run(change);
    expectRefused('old_cards', '1');
  });
});

describe('a start on cards of long ago', () => {
  it.each<[string, Parameters<typeof oldCard>, string]>([
    ['delivered has another outcome', ['delivered', 'confirmed'], "outcome = 'notPrinted'"],
    ['delivered is of another request', ['delivered', 'confirmed'], "request_id = 'REQ-9'"],
    ['delivered is called paper', ['delivered', 'confirmed'], "document_kind = 'kk'"],
    ['nobody has decided is decided', ['uncertain', 'unresolved'], "state = 'resolvedUnknown'"],
    ['is under review is none', ['retracted', 'needsReview'], "state = 'confirmed'"],
  ])('is refused where one that %s', async (_, which, change) => {
    const attemptId = await oldCard(...which);
    expect(start().ok).toBe(true);
    run(`UPDATE attempts SET ${change} WHERE attempt_id = ?`, attemptId);
    expectRefused('attempts', attemptId);
  });

  it('is refused where one is gone', async () => {
    const attemptId = await oldCard('delivered', 'confirmed');
    run('DELETE FROM attempts');
    expect(start()).toMatchObject({ error: { table: 'attempts', key: attemptId } });
  });
});

describe('a start on reports', () => {
  it.each([
    ['is gone', 'DELETE FROM outbox'],
    ['is called delivered', "UPDATE outbox SET state = 'done', lane = NULL, message_json = NULL"],
  ])('is refused where one that waits %s', async (_, change) => {
    const attemptId = await recordAttempt(fixture.journal);
    expect(start().ok).toBe(true);
    run(change);
    expectRefused('outbox', attemptId);
  });

  it.each<[string, string, string]>([
    ['of another outcome', "'$.report.outcome', 'notPrinted'", ''],
    ['of another request', "'$.report.requestId', 'REQ-9'", ''],
    ['with a blank that was not used', "'$.report.blankSerial', 'KTP-0001'", ''],
    ['that claims better evidence', "'$.report.evidence', 'sensorSaw'", ''],
    ['of an old card that was kept', "'$.report.capturedOldCard', json('true')", ''],
    ['of another attempt', "'$.report.attemptId', 'att_AAAAAAAAAAAAAAAA'", ''],
    ['that goes another way', "'$.kind', 'outcomeReport'", ", lane = 'att_AAAAAAAAAAAAAAAA'"],
    ['that nobody can read', "'$.kind', 'greeting'", ''],
  ])('is refused where one waits %s', async (_, change, andElse) => {
    const attemptId = await recordAttempt(fixture.journal);
    expect(start().ok).toBe(true);
    run(`UPDATE outbox SET message_json = json_set(message_json, ${change})${andElse}`);
    expectRefused('outbox', `outcomeReport:${attemptId}`);
  });

  it.each([
    ['the hold of another', "json_object('kind', 'hold', 'attemptId', 'att_AAAAAAAAAAAAAAAA')"],
    ['a release', "json_set(message_json, '$.kind', 'release')"],
  ])('is refused where the hold of a card in doubt became %s', async (_, json) => {
    const attemptId = await oldCard('uncertain', 'unresolved');
    expect(start().ok).toBe(true);
    run(`UPDATE outbox SET message_json = ${json}, lane = json_extract(${json}, '$.attemptId')
         WHERE idempotency_key LIKE 'hold:%'`);
    expectRefused('outbox', `hold:${attemptId}`);
  });

  it.each([
    ['outcome', "'$.correction.outcome', 'spoiled'"],
    ['people', "'$.correction.decidedBy', json_array('per_AAAAAAAAAAAAAAAA')"],
    ['decision', "'$.correction.decisionId', 'dec_AAAAAAAAAAAAAAAA'"],
  ])('is refused where a decision waits with another %s', async (_, change) => {
    const key = await decidedCard();
    expect(start().ok).toBe(true);
    run(
      `UPDATE outbox SET message_json = json_set(message_json, ${change})
       WHERE idempotency_key = ?`,
      key,
    );
    expectRefused('outbox', key);
  });

  it.each([
    ['its report is gone', "DELETE FROM outbox WHERE idempotency_key LIKE 'outcomeReport:%'"],
    [
      'its report is called delivered',
      `UPDATE outbox SET state = 'done', lane = NULL, message_json = NULL
       WHERE idempotency_key LIKE 'outcomeReport:%'`,
    ],
    ['what holds its request is gone', "DELETE FROM outbox WHERE idempotency_key LIKE 'hold:%'"],
  ])('is refused where a card is in doubt and %s', async (_, change) => {
    const attemptId = await oldCard('uncertain', 'unresolved');
    expect(start().ok).toBe(true);
    run(change);
    expectRefused('outbox', attemptId);
  });

  it('holds where the registry has answered the report of a card in doubt', async () => {
    const attemptId = await oldCard('uncertain', 'unresolved');
    const answer = { receiptId: 'R-1', requestState: 'perluPeriksa' } as const;
    await fixture.journal.append({
      events: [{ kind: 'registry.outcomeReported', attemptId, ...answer }],
    });
    run("UPDATE outbox SET state = 'done', lane = NULL, message_json = NULL");
    expect(start().ok).toBe(true);
  });
});
