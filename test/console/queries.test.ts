import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { QueryProcess } from '../../src/core/console/query-process.ts';
import { discard, openFixture, recordAttempt, temporaryFolder } from '../journal/fixture.ts';
import type { OpenedFixture } from '../journal/fixture.ts';
import { ConsoleBench, plainPages, refusal } from './console-bench.ts';
import { locksOn, queryProcessesOf, queryProcessOf } from './query-processes.ts';

// Processes, flushes and password hashes take long on a machine that others use too.
jest.setTimeout(120_000);

const LIMIT_MS = 10_000;
const NEWEST = { beforeSeq: null, limit: 30 };

/** Whoever was woken by now has run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the query process', () => {
  let fixture: OpenedFixture;
  let clock: FakeClock;
  let logged: unknown[];
  let queries: QueryProcess;
  beforeEach(() => {
    fixture = openFixture(temporaryFolder());
    clock = new FakeClock();
    logged = [];
    queries = new QueryProcess({
      dataFolder: fixture.path,
      clock,
      log: { error: (what: unknown) => void logged.push(what) },
      timeLimitMs: LIMIT_MS,
    });
  });
  afterEach(async () => {
    await queries.stop();
    expect(queryProcessesOf(process.pid)).toEqual([]);
    fixture.folder.close();
    discard(fixture.path);
  });

  /** Starts it, and holds it in the middle of whatever it is asked next. */
  async function held(): Promise<number> {
    expect(await queries.ask('attempts', NEWEST)).toMatchObject({ ok: true });
    const pid = queryProcessOf(process.pid);
    process.kill(pid, 'SIGSTOP');
    return pid;
  }

  it('is started once, and answers from the record as it then is', async () => {
    const none = await queries.ask('attempts', NEWEST);
    expect(none).toEqual({ ok: true, value: { attempts: [], more: false } });
    const pid = queryProcessOf(process.pid);
    const attemptId = await recordAttempt(fixture.journal);
    const timeline = await queries.ask('timeline', { attemptId });
    expect(timeline).toMatchObject({ ok: true, value: { attempt: { attemptId } } });
    expect(queryProcessOf(process.pid)).toBe(pid);
    expect(logged).toEqual([]);
  });

  it('leaves the locks of this process on its files alone', async () => {
    const { path, journal } = fixture;
    await recordAttempt(journal);
    const files = ['journal.db', 'journal.db-shm', 'lock.db'].map((name) => join(path, name));
    const locks = () => files.map((file) => locksOn(statSync(file).ino));
    const before = locks();
    expect(before.map((held) => held.length > 0)).toEqual([true, true, true]);
    await queries.ask('attempts', NEWEST);
    expect(locks()).toEqual(before);
    process.kill(queryProcessOf(process.pid), 'SIGKILL');
    await queries.ask('attempts', NEWEST);
    await queries.stop();
    expect(locks()).toEqual(before);
    // What the process is there to avoid: any descriptor of the file that is closed in this process.
    closeSync(openSync(join(path, 'lock.db'), 'r'));
    expect(locks()).not.toEqual(before);
  });

  it('is replaced when it dies in the middle of a question, which is told so', async () => {
    const pid = await held();
    const asked = queries.ask('attempts', NEWEST);
    await turn();
    process.kill(pid, 'SIGKILL');
    expect(await asked).toEqual({ ok: false, error: { kind: 'failed' } });
    expect(logged).toEqual([
      expect.objectContaining({ signal: 'SIGKILL' }),
      { ask: 'attempts', kind: 'failed' },
    ]);
    expect(await queries.ask('attempts', NEWEST)).toMatchObject({ ok: true });
    expect(queryProcessOf(process.pid)).not.toBe(pid);
  });

  it('is broken off when a question takes too long, and replaced', async () => {
    await held();
    const asked = queries.ask('attempts', NEWEST);
    await turn();
    clock.advance(LIMIT_MS - 1);
    const first = await Promise.race([asked, turn().then(() => 'waiting')]);
    expect(first).toBe('waiting');
    clock.advance(1);
    expect(await asked).toEqual({ ok: false, error: { kind: 'timedOut' } });
    expect(await queries.ask('attempts', NEWEST)).toMatchObject({ ok: true });
  });

  it('lets a few wait, refuses the next at once, and answers those who waited', async () => {
    const pid = await held();
    const waiting = Array.from({ length: 9 }, () => queries.ask('attempts', NEWEST));
    const tooMany = await queries.ask('attempts', NEWEST);
    expect(tooMany).toEqual({ ok: false, error: { kind: 'busy' } });
    process.kill(pid, 'SIGCONT');
    for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ ok: true });
    expect(await queries.ask('attempts', NEWEST)).toMatchObject({ ok: true });
  });

  it('ends with core, also in the middle of a question', async () => {
    await held();
    const asked = queries.ask('attempts', NEWEST);
    const next = queries.ask('attempts', NEWEST);
    await turn();
    await queries.stop();
    const stopped = { ok: false, error: { kind: 'stopped' } };
    expect([await asked, await next, await queries.ask('verify', {})]).toEqual([
      stopped,
      stopped,
      stopped,
    ]);
    expect(queryProcessesOf(process.pid)).toEqual([]);
    expect(logged).toEqual([]);
  });
});

describe('the console', () => {
  const folder = plainPages();
  let bench: ConsoleBench;
  let cookie: string;
  beforeEach(async () => {
    bench = await ConsoleBench.open(join(folder, 'ui'));
    cookie = await bench.signedIn('Siti', ['administrator']);
  });
  afterEach(async () => {
    await bench.close();
  });

  it('goes on serving everybody else while a query is held', async () => {
    const attemptId = await recordAttempt(bench.fixture.journal);
    const log = () => bench.ask('/api/print-log', { headers: { cookie } });
    await log();
    const pid = queryProcessOf(process.pid);
    process.kill(pid, 'SIGSTOP');
    let answered = false;
    const asked = log().finally(() => (answered = true));
    const status = await bench.ask('/api/technician/status', { headers: { cookie } });
    expect(status.json).toMatchObject({ terminalId: bench.status.terminalId });
    await recordAttempt(bench.fixture.journal);
    expect(answered).toBe(false);
    process.kill(pid, 'SIGCONT');
    const { json } = await asked;
    expect(json).toMatchObject({ attempts: [{}, { attemptId }], more: false });
    expect(bench.logged).toEqual([]);
  });

  it('refuses with what to do, when a query was cut short', async () => {
    const attempt = () => bench.ask('/api/print-log/att_X', { headers: { cookie } });
    expect(refusal(await attempt())).toEqual([404, { refused: 'notFound' }]);
    const pid = queryProcessOf(process.pid);
    process.kill(pid, 'SIGSTOP');
    const asked = attempt();
    // Answered after it on the same loop: by then the question has been asked.
    await bench.ask('/api/technician/status', { headers: { cookie } });
    process.kill(pid, 'SIGKILL');
    expect(refusal(await asked)).toEqual([503, { refused: 'recordNotRead' }]);
    expect(refusal(await attempt())).toEqual([404, { refused: 'notFound' }]);
    expect(bench.logged).toHaveLength(2);
  });
});
