import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { ok } from '../../src/base/result.ts';
import { recordedRequest } from '../../src/core/recorded-request.ts';
import { RegistryLink } from '../../src/core/registry-link.ts';
import { AttemptBook } from '../../src/issuance/attempt-book.ts';
import { attemptTables } from '../../src/issuance/attempt-table.ts';
import { BlankStock } from '../../src/issuance/blank-stock.ts';
import { ledgerFigure } from '../../src/issuance/stock/bins.ts';
import { forecast } from '../../src/issuance/stock/forecast.ts';
import { listIncidents, openIncidents } from '../../src/issuance/stock/incidents.ts';
import { registryForgot } from '../../src/issuance/stock/registry-forgot.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { checkWaitingMessages } from '../../src/journal/outbox/message-check.ts';
import { checkOwedReports } from '../../src/journal/outbox/owed-check.ts';
import { countWaiting, frontOfLanes } from '../../src/journal/outbox/outbox-table.ts';
import { attemptTimeline, findAttempt, listAttempts } from '../../src/journal/print-log.ts';
import type { SqlReader, SqlValue } from '../../src/store/sql.ts';
import { discard, openFixture, temporaryFolder, type OpenedFixture } from '../journal/fixture.ts';

interface Asked {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** Indexes that hold only what is open now, not the past: reading one from end to end stays short. */
const ofTheMoment = [
  ...['outbox_waiting', 'attempts_unsettled', 'attempts_confirming', 'attempts_for_people'],
  'blanks_next',
];

let fixture: OpenedFixture;
let asked: Asked[];
beforeEach(() => {
  fixture = openFixture(temporaryFolder());
  asked = [];
});
afterEach(() => {
  fixture.folder.close();
  discard(fixture.path);
});

/** Passes every question on and keeps it. */
function listeningReader(): SqlReader {
  const { reader } = fixture.journal;
  const note = (sql: string, params: readonly SqlValue[]): void => void asked.push({ sql, params });
  return {
    get(schema, sql, ...params) {
      note(sql, params);
      return reader.get(schema, sql, ...params);
    },
    all(schema, sql, ...params) {
      note(sql, params);
      return reader.all(schema, sql, ...params);
    },
    iterate(schema, sql, ...params) {
      note(sql, params);
      return reader.iterate(schema, sql, ...params);
    },
  };
}

const planStep = z.object({ detail: z.string() });

function scansOf({ sql, params }: Asked): string[] {
  return fixture.journal.reader
    .all(planStep, `EXPLAIN QUERY PLAN ${sql}`, ...params)
    .map(({ detail }) => detail)
    .filter((detail) => /^SCAN (rows|attempts|blanks|outbox)\b/.test(detail))
    .filter((detail) => !ofTheMoment.some((index) => detail.endsWith(`INDEX ${index}`)));
}

type Ask = (reader: SqlReader) => unknown;
const journalOf = (reader: SqlReader): Journal => ({ reader }) as unknown as Journal;
const book = (reader: SqlReader): AttemptBook =>
  new AttemptBook(journalOf(reader), new FakeClock(), attemptTables);

describe('what core asks of its record while it serves', () => {
  it.each<[string, Ask]>([
    ['the balance of blanks', (sql) => new BlankStock(journalOf(sql), 'specimen').balance()],
    [
      'the forecast of blanks',
      (sql) => forecast(sql, { kind: 'kia', now: 0, timeZone: 'Asia/Jakarta' }),
    ],
    ['what lies in a feeder', (sql) => ledgerFigure(sql, { in: 'feeder', feeder: 'a' })],
    ['what lies in the reject bin', (sql) => ledgerFigure(sql, { in: 'rejectBin' })],
    ['incidents that are open', (sql) => openIncidents(sql)],
    ['a page of incidents', (sql) => listIncidents(sql, { limit: 9 })],
    ['blanks left', (sql) => new BlankStock(journalOf(sql), 'specimen').remaining('ktpEl')],
    ['the next blank', (sql) => new BlankStock(journalOf(sql), 'specimen').expected('a', 'kia')],
    ['blanks spoiled for a request', (sql) => book(sql).spoiledOf('REQ-1')],
    ['whether a card of a request may be out', (sql) => book(sql).mayBeOut('REQ-1')],
    [
      'what people were told of a registry that forgot',
      (sql) => registryForgot(sql, { of: 'handOver', requestId: 'REQ-1' }, 'att_1'),
    ],
    ['reports that wait for an answer', (sql) => checkOwedReports(sql)],
    ['whether what is owed says what is recorded', (sql) => checkWaitingMessages(sql)],
    ['the request of an attempt', (sql) => recordedRequest(journalOf(sql), 'att_1')],
    ['cards that wait for people', (sql) => book(sql).unresolvedCards()],
    ['attempts not settled', (sql) => book(sql).unsettled()],
    [
      'the head that the registry keeps',
      (sql) =>
        new RegistryLink({
          outcomes: { heartbeat: () => Promise.resolve(ok(undefined)) },
          journal: journalOf(sql),
          clock: new FakeClock(),
          keepsHeads: true,
          everyMs: 60_000,
          inService: () => true,
          onChanged: () => undefined,
          onBeat: () => undefined,
          fatal: () => undefined,
        }),
    ],
    ['a page of the print log', (sql) => listAttempts(sql, { beforeSeq: 9, limit: 50 })],
    ['an attempt of the print log', (sql) => findAttempt(sql, 'att_1')],
    ['the timeline of an attempt', (sql) => attemptTimeline(sql, 'att_1')],
    ['how much is owed', (sql) => countWaiting(sql)],
    ['what to send next', (sql) => frontOfLanes(sql)],
  ])('%s: its time does not grow with all that ever happened', (_, ask) => {
    ask(listeningReader());
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.flatMap(scansOf)).toEqual([]);
  });

  it('would be seen to read a whole table', () => {
    listeningReader().all(z.unknown(), "SELECT seq FROM rows WHERE body LIKE '%x%'");
    expect(asked.flatMap(scansOf)).toEqual(['SCAN rows']);
  });
});
