import { describe, expect, it } from '@jest/globals';
import { delivered, everythingWorks, ktpRequest, SessionBench } from './bench.ts';

const LIMIT_MS = 90_000;

describe('a session when the terminal stops', () => {
  it('begins no more, whatever the terminal can do', async () => {
    const bench = new SessionBench();
    await bench.runner.stop(LIMIT_MS);
    bench.runner.setService(everythingWorks);
    expect(bench.screen).toEqual({ name: 'outOfService', reason: 'maintenance' });
    await bench.tap();
    expect(bench.events).toEqual([]);
  });

  it('ends at once while the citizen is only asked something, and so does its claim', async () => {
    const bench = new SessionBench();
    await bench.signInByNik();
    await bench.runner.stop(LIMIT_MS);
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.problem).toBe('terminalStopping');
    expect(bench.endedClaims).toEqual(['token']);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'session.ended', reason: 'outOfService' });
  });

  it('goes on while a card moves, tells where it lies, and ends when it is settled', async () => {
    const bench = new SessionBench();
    bench.list = [ktpRequest];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: 'req-ktp' });
    await bench.choose({ kind: 'confirmPrint' });
    let stopped = false;
    const stopping = bench.runner.stop(LIMIT_MS).then(() => (stopped = true));
    await bench.progress({ kind: 'presented' });
    expect(bench.screen.name).toBe('takeCard');
    expect(stopped).toBe(false);
    await bench.settleAttempt(delivered);
    await stopping;
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.events.at(-1)).toMatchObject({ kind: 'session.ended', reason: 'finished' });
  });

  it('is not waited for beyond the limit', async () => {
    const bench = new SessionBench();
    bench.list = [ktpRequest];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: 'req-ktp' });
    await bench.choose({ kind: 'confirmPrint' });
    const stopping = bench.runner.stop(LIMIT_MS);
    await bench.pass(LIMIT_MS);
    await stopping;
    expect(bench.screen.name).toBe('printing');
  });
});
