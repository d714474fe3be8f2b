import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { attemptTimeline } from '../../src/journal/print-log.ts';
import { ktpElOf } from '../documents/sample-people.ts';
import { Bench, requestOf, type Core } from './bench.ts';

let bench: Bench;
let core: Core;
beforeEach(async () => {
  bench = await Bench.open();
  core = await bench.restart();
});
afterEach(() => bench.close());

const printed = async (requestId: string): Promise<string> => {
  const request = requestOf('ktpEl', { requestId });
  bench.registry.add(request, { fields: ktpElOf() });
  const { settlement } = await bench.print(core, request);
  expect(settlement.outcome).toBe('delivered');
  return settlement.attemptId;
};

const rowsOf = (attemptId: string) =>
  attemptTimeline(core.journal.reader, attemptId).map(({ event }) => event);

const saidCounters = (attemptId: string) =>
  rowsOf(attemptId).flatMap((event) =>
    event.kind === 'attempt.stateEntered' && event.sensors?.counters
      ? [event.sensors.counters]
      : [],
  );

describe('the record of a card', () => {
  it('says all counters once, and then those that changed, so that the last said of each is what it came to', async () => {
    await printed('REQ-1');
    const [first, ...later] = saidCounters(await printed('REQ-2'));
    expect(Object.keys(first ?? {})).toHaveLength(6);
    expect(later.map((counters) => Object.keys(counters))).toEqual([
      ['fed'],
      ['printedSides'],
      ['presented'],
    ]);
    // That it was taken is told by the printer itself, and asked for no more.
    const { taken } = first ?? {};
    expect(Object.assign({}, first, ...later)).toEqual({ ...bench.cabinet.parts.counters, taken });
  });

  it('says once that the blank which came is the expected one, where it says that it moved', async () => {
    const attemptId = await printed('REQ-1');
    const said = rowsOf(attemptId).flatMap((event) =>
      'blank' in event && event.blank ? [[event.kind, event.blank.source] as const] : [],
    );
    expect(said).toEqual([
      ['attempt.stateEntered', 'expected'],
      ['blank.moved', 'read'],
      ['blank.moved', 'read'],
      ['attempt.settled', 'read'],
    ]);
  });

  it('keeps beside the rows the counters of the newest attempt alone', async () => {
    const kept = () =>
      core.journal.reader.all(
        z.strictObject({ attempt_id: z.string() }),
        "SELECT attempt_id FROM attempts WHERE json_extract(detail_json, '$.countersBefore') IS NOT NULL",
      );
    const first = await printed('REQ-1');
    expect(kept()).toEqual([{ attempt_id: first }]);
    const second = await printed('REQ-2');
    expect(kept()).toEqual([{ attempt_id: second }]);
  });
});
