import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { err, ok } from '../../src/base/result.ts';
import { discard, recordAttempt } from '../journal/fixture.ts';
import { ConsoleBench, plainPages, refusal } from './console-bench.ts';

// Flushes, threads and password hashes take long on a machine that others use too.
jest.setTimeout(120_000);

const folder = plainPages();
let bench: ConsoleBench;

afterAll(() => discard(folder));
beforeEach(async () => {
  bench = await ConsoleBench.open(join(folder, 'ui'));
});
afterEach(async () => {
  await bench.close();
  expect(bench.logged).toEqual([]);
});

describe('a self-test', () => {
  const run = (cookie: string, device = 'card-printer') =>
    bench.post(`/api/technician/devices/${device}/self-test`, {}, { cookie });
  const tested = () => bench.events().filter(({ kind }) => kind === 'staff.deviceTested');

  it('asks for the status, moves nothing, and is recorded with the person', async () => {
    const cookie = await bench.signedIn('Ani', ['technician']);
    const answer = await run(cookie);
    expect(answer.json).toEqual({ device: 'card-printer', passed: true, faultCode: null });
    expect(bench.commands).toEqual(['card-printer getStatus']);
    expect(tested()).toEqual([
      {
        kind: 'staff.deviceTested',
        personId: bench.people.findByName('Ani')?.personId,
        device: 'card-printer',
        test: 'askStatus',
        passed: true,
        faultCode: null,
      },
    ]);
  });

  it.each([
    [
      'the worst reason of a device that is not ready',
      ok({
        state: 'hardwareError',
        reasons: ['mediaJammed', 'feederLow'],
        requiredAction: 'clear',
      }),
      'mediaJammed',
    ],
    [
      'the state where there is no reason',
      ok({ state: 'powerOff', reasons: [], requiredAction: 'none' }),
      'powerOff',
    ],
    ['that nothing answered', err({ kind: 'noAnswer' }), 'noAnswer'],
    ['why it was not ready', err({ kind: 'notReady', reason: 'openFailed' }), 'openFailed'],
  ])('fails with %s', async (_, answer, faultCode) => {
    const cookie = await bench.signedIn('Ani', ['technician']);
    bench.answers = () => answer as never;
    expect((await run(cookie)).json).toEqual({ device: 'card-printer', passed: false, faultCode });
    expect(tested()).toMatchObject([{ passed: false, faultCode }]);
  });

  it('keeps out of the record what a device says that is no code', async () => {
    const cookie = await bench.signedIn('Ani', ['technician']);
    const reasons = ['<script>alert("9901010101010001")</script>'];
    bench.answers = () => ok({ state: 'offline', reasons, requiredAction: 'none' }) as never;
    const answer = await run(cookie);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(tested()).toMatchObject([{ passed: false, faultCode: 'unprintableReason' }]);
  });

  it.each(['no-such-device', '__proto__', '..%2Fcard-printer'])(
    'of a device that is not there, %s, is refused',
    async (device) => {
      const cookie = await bench.signedIn('Ani', ['technician']);
      expect(refusal(await run(cookie, device))).toEqual([404, { refused: 'notFound' }]);
      expect(tested()).toEqual([]);
    },
  );
});

describe('the print log', () => {
  it('is read newest first, a page at a time, without a gap or a repetition', async () => {
    const { journal } = bench.fixture;
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) made.push(await recordAttempt(journal));
    const cookie = await bench.signedIn('Rini', ['reviewer']);
    const read: string[] = [];
    let next = '';
    for (;;) {
      const { json } = await bench.ask(`/api/print-log?limit=2${next}`, { headers: { cookie } });
      const page = json as { attempts: { attemptId: string; openedSeq: number }[]; more: boolean };
      read.push(...page.attempts.map(({ attemptId }) => attemptId));
      if (!page.more) break;
      next = `&beforeSeq=${page.attempts.at(-1)?.openedSeq}`;
    }
    expect(read).toEqual(made.reverse());
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'beforeSeq=-1', 'beforeSeq=1%20OR%201'])(
    'refuses a page of %s',
    async (query) => {
      const cookie = await bench.signedIn('Rini', ['reviewer']);
      const answer = await bench.ask(`/api/print-log?${query}`, { headers: { cookie } });
      expect(refusal(answer)).toEqual([400, { refused: 'malformed' }]);
    },
  );

  it('gives the whole course of one attempt, and nothing of another', async () => {
    const { journal } = bench.fixture;
    await recordAttempt(journal);
    const attemptId = await recordAttempt(journal);
    const cookie = await bench.signedIn('Rini', ['reviewer']);
    const { json } = await bench.ask(`/api/print-log/${attemptId}`, { headers: { cookie } });
    const timeline = json as { attempt: object; rows: { kind: string; data: object }[] };
    expect(timeline.attempt).toMatchObject({ attemptId, outcome: 'delivered' });
    expect(timeline.rows).toHaveLength(7);
    expect(timeline.rows[0]).toMatchObject({
      kind: 'attempt.stateEntered',
      data: { attemptId, from: null, to: 'claiming' },
    });
    expect(timeline.rows.at(-1)).toMatchObject({ kind: 'attempt.settled' });
    const missing = await bench.ask('/api/print-log/att_NOTTHERE', { headers: { cookie } });
    expect(refusal(missing)).toEqual([404, { refused: 'notFound' }]);
  });
});
