import { describe, expect, it } from '@jest/globals';
import { err } from '../../src/base/result.ts';
import { newCollectionCode } from '../../src/domain/collection-code.ts';
import { sessionViewSchema } from '../../src/rpc/citizen-view.ts';
import { timeLimitsMs } from '../../src/session/time-limits.ts';
import { delivered, everythingWorks, kkRequest, ktpRequest, NIK, SessionBench } from './bench.ts';

/** What is erased by case: every attempt for the request in the session belongs to it. */
function expectOneCase(bench: SessionBench, requestId: string): void {
  expect(bench.openedCases).toEqual([requestId]);
  expect(bench.claimants).toEqual([{ name: 'S*** A*****', nik: NIK }]);
  const chosen = bench.events.flatMap((event) =>
    event.kind === 'session.documentChosen' ? [event.caseId] : [],
  );
  const ordered = bench.orders.map(({ caseId }) => caseId);
  expect(chosen).toEqual(ordered);
  expect(new Set(ordered).size).toBe(1);
}

describe('a citizen session', () => {
  it('goes from a tapped card to a printed KK and wipes everything behind it', async () => {
    const bench = new SessionBench();
    await bench.tap();
    expect(bench.screen).toEqual({ name: 'enterPin', way: 'eKtp' });
    await bench.choose({ kind: 'submitPin', pin: '123456' });
    expect(bench.screen.name).toBe('chooseDocument');
    await bench.choose({ kind: 'chooseDocument', requestId: 'req-kk' });
    await bench.choose({ kind: 'confirmPrint' });
    expect(bench.screen).toMatchObject({ name: 'printing', step: 'reserving' });
    await bench.progress({ kind: 'step', step: 'printing' });
    expect(bench.screen).toMatchObject({ name: 'printing', step: 'printing' });
    await bench.settleAttempt(delivered);
    expect(bench.screen.name).toBe('takePaper');
    await bench.choose({ kind: 'paperTaken' });
    expect(bench.screen).toMatchObject({ name: 'result', outcome: 'delivered' });
    await bench.choose({ kind: 'finish' });
    await bench.choose({ kind: 'rate', score: 4 });
    expect(bench.messages).toEqual([{ kind: 'feedback', element: 'persyaratan', score: 4 }]);
    expect(bench.screen.name).toBe('takeYourCard');
    bench.reader.emit('cardRemoved', {});
    expect(bench.screen.name).toBe('goodbye');
    await bench.pass(timeLimitsMs.goodbye);
    expect(bench.screen.name).toBe('welcome');
    expect(bench.endedClaims).toEqual(['token']);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'session.ended', reason: 'finished' });
    expect(bench.fatal).toEqual([]);
    expect(JSON.stringify(bench.runner.view())).not.toContain(NIK);
  });

  it('goes straight to the one document of a scanned code', async () => {
    const bench = new SessionBench();
    bench.list = [ktpRequest];
    await bench.scan(newCollectionCode());
    expect(bench.screen).toEqual({ name: 'enterPrintCode', documentKind: null });
    await bench.choose({ kind: 'submitPrintCode', printCode: '12345678' });
    expect(bench.screen.name).toBe('confirm');
    await bench.choose({ kind: 'confirmPrint' });
    expect(bench.orders[0]).toMatchObject({ claimToken: 'token', printCode: null });
    // A code says nothing of a number, and the terminal asks for none.
    expect(bench.claimants).toEqual([{ name: 'S*** A*****', nik: null }]);
  });

  it('says take your card only once the record holds that it lies at the exit', async () => {
    const bench = new SessionBench();
    bench.list = [ktpRequest];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: 'req-ktp' });
    await bench.choose({ kind: 'confirmPrint' });
    await bench.progress({ kind: 'step', step: 'presenting' });
    expect(bench.screen.name).toBe('printing');
    await bench.progress({ kind: 'presented' });
    expect(bench.screen.name).toBe('takeCard');
    await bench.settleAttempt(delivered);
    expect(bench.screen).toMatchObject({ name: 'result', outcome: 'delivered' });
  });

  it('starts a second attempt by itself after a spoiled blank, and tells the citizen', async () => {
    const bench = new SessionBench();
    bench.list = [ktpRequest];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: 'req-ktp' });
    await bench.choose({ kind: 'confirmPrint' });
    await bench.settleAttempt({
      ...delivered,
      outcome: 'spoiled',
      problem: 'printFailedCardKept',
      codeStillCounts: true,
      mayRetryNow: true,
    });
    expect(bench.orders).toHaveLength(2);
    expectOneCase(bench, 'req-ktp');
    expect(bench.screen).toMatchObject({ name: 'printing', step: 'reserving' });
    expect(bench.problem).toBe('printFailedCardKept');
  });

  it('asks whether the paper came when nobody knows, and offers to repeat it', async () => {
    const bench = new SessionBench();
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: 'req-kk' });
    await bench.choose({ kind: 'confirmPrint' });
    await bench.progress({ kind: 'paperUnclear', pages: 1 });
    expect(bench.screen.name).toBe('takePaper');
    expect(bench.problem).toBe('paperUnclear');
    await bench.choose({ kind: 'paperMissing' });
    expect(bench.paperSaid).toEqual([false]);
    await bench.settleAttempt({
      ...delivered,
      outcome: 'uncertain',
      problem: 'paperUncertain',
      codeStillCounts: true,
    });
    expect(bench.screen).toMatchObject({ name: 'result', mayRepeat: true });
    expect(bench.problem).toBe('paperUncertain');
    await bench.choose({ kind: 'repeatPrint' });
    expect(bench.screen.name).toBe('printing');
    expect(bench.problem).toBeNull();
    expect(bench.orders).toHaveLength(2);
    expectOneCase(bench, 'req-kk');
  });

  it('seals the person anew in the next session, even for the same request', async () => {
    const bench = new SessionBench();
    await bench.confirm(kkRequest);
    await bench.settleAttempt(delivered);
    await bench.choose({ kind: 'paperTaken' });
    await bench.choose({ kind: 'finish' });
    await bench.choose({ kind: 'rate', score: 4 });
    await bench.pass(timeLimitsMs.goodbye);
    await bench.confirm(kkRequest);
    expect(bench.openedCases).toEqual(['req-kk', 'req-kk']);
    expect(new Set(bench.orders.map(({ caseId }) => caseId)).size).toBe(2);
  });
});

describe('what cannot be believed', () => {
  it.each([
    ['https://evil.example/ANJ1.X', 'codeNotOurs'],
    ['ANJ1.AAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'codeMisread'],
  ])('a scan of %s is refused as %s and opens nothing', async (payload, problem) => {
    const bench = new SessionBench();
    await bench.scan(payload);
    expect(bench.screen.name).toBe('presentCode');
    expect(bench.problem).toBe(problem);
  });

  it.each([
    ['1234', 'nikMalformed'],
    ['3201010101900001', 'nikNotSpecimen'],
  ])('the NIK %s is refused as %s before the registry hears of it', async (nik, problem) => {
    const bench = new SessionBench();
    await bench.choose({ kind: 'startWay', way: 'nik' });
    await bench.choose({ kind: 'submitNik', nik });
    expect(bench.screen.name).toBe('enterNik');
    expect(bench.problem).toBe(problem);
  });

  it.each([
    ['cardRemoved', 'cardRemovedEarly'],
    ['cardGarbled', 'cardUnreadable'],
    ['authenticationFailed', 'cardNotAuthenticated'],
    ['notAnEKtp', 'cardNotEKtp'],
  ])('a read that ends in %s is told as %s', async (errorCode, problem) => {
    const bench = new SessionBench();
    bench.read = err({ kind: 'commandError', errorCode });
    await bench.tap();
    expect(bench.screen.name).toBe('presentCard');
    expect(bench.problem).toBe(problem);
    expect(bench.events.some((event) => event.kind === 'session.readRefused')).toBe(true);
  });

  it('asks a refused PIN again, and ends the session when no try is left', async () => {
    const bench = new SessionBench();
    bench.refuse({ kind: 'refused', triesLeft: 1 });
    bench.refuse({ kind: 'refused', triesLeft: 0 });
    await bench.signInByNik();
    expect(bench.screen).toMatchObject({ name: 'enterPin' });
    expect(bench.problem).toBe('refusedLastTry');
    await bench.choose({ kind: 'submitPin', pin: '654321' });
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.problem).toBe('triesUsedUp');
  });

  it.each([
    ['unreachable', 'registryUnreachable'],
    ['noAnswer', 'registryNoAnswer'],
  ] as const)('a registry that is %s ends the session with a sentence', async (kind, problem) => {
    const bench = new SessionBench();
    bench.refuse({ kind });
    await bench.signInByNik();
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.problem).toBe(problem);
  });

  it('a choice made on an older view changes nothing', async () => {
    const bench = new SessionBench();
    const old = bench.runner.view().viewId;
    await bench.choose({ kind: 'startWay', way: 'nik' });
    bench.runner.choose(old, { kind: 'cancel' });
    expect(bench.screen.name).toBe('enterNik');
  });

  it('a press counts although something nobody sees happened since', async () => {
    const bench = new SessionBench();
    await bench.tap();
    const { viewId } = bench.runner.view();
    bench.reader.emit('cardRemoved', {});
    bench.runner.choose(viewId, { kind: 'submitPin', pin: '123456' });
    await bench.settle();
    expect(bench.screen.name).toBe('chooseDocument');
  });

  it('a document that cannot be printed here cannot be chosen', async () => {
    const bench = new SessionBench({
      ...everythingWorks,
      documents: { ...everythingWorks.documents, kk: 'paperOut' },
    });
    await bench.signInByNik();
    expect(bench.problem).toBe('paperOut');
    await bench.choose({ kind: 'chooseDocument', requestId: kkRequest.requestId });
    expect(bench.screen.name).toBe('chooseDocument');
  });
});

describe('time', () => {
  it('ends a session that nobody answers, and ends its claim', async () => {
    const bench = new SessionBench();
    await bench.signInByNik();
    await bench.pass(timeLimitsMs.choosing - 1);
    expect(bench.screen.name).toBe('chooseDocument');
    await bench.pass(1);
    expect(bench.problem).toBe('timedOut');
    expect(bench.endedClaims).toEqual(['token']);
  });

  it('can be extended three times, no more', async () => {
    const bench = new SessionBench();
    await bench.choose({ kind: 'startWay', way: 'nik' });
    for (let extension = 0; extension < 3; extension += 1) {
      await bench.pass(timeLimitsMs.enterNik - 1);
      await bench.choose({ kind: 'extendTime' });
    }
    await bench.pass(timeLimitsMs.enterNik - 1);
    await bench.choose({ kind: 'extendTime' });
    await bench.pass(1);
    expect(bench.problem).toBe('timedOut');
  });

  it('never runs while a card is being printed', async () => {
    const bench = new SessionBench();
    bench.list = [ktpRequest];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: 'req-ktp' });
    await bench.choose({ kind: 'confirmPrint' });
    await bench.pass(10 * 60_000);
    await bench.choose({ kind: 'cancel' });
    expect(bench.screen.name).toBe('printing');
    expect(bench.runner.view().timeLimit).toBeNull();
  });

  it('ends a claim that was granted after the citizen had left', async () => {
    const bench = new SessionBench();
    await bench.choose({ kind: 'startWay', way: 'nik' });
    await bench.choose({ kind: 'submitNik', nik: NIK });
    bench.runner.choose(bench.runner.view().viewId, { kind: 'submitPin', pin: '123456' });
    bench.runner.choose(bench.runner.view().viewId, { kind: 'cancel' });
    await bench.settle();
    expect(bench.endedClaims).toEqual(['token']);
    expect(bench.screen.name).toBe('goodbye');
  });
});

describe('a card that is being read', () => {
  it('is not read on when the citizen leaves, and is not called refused', async () => {
    const bench = new SessionBench();
    bench.reading = new Promise(() => undefined);
    await bench.tap();
    expect(bench.screen.name).toBe('readingCard');
    await bench.choose({ kind: 'cancel' });
    expect(['goodbye', 'takeYourCard']).toContain(bench.screen.name);
    await bench.settle();
    const kinds = bench.events.map(({ kind }) => kind);
    expect(kinds).not.toContain('session.readRefused');
    expect(bench.readCalledBack).toBe(true);
  });
});

describe('the welcome', () => {
  it('gives way to out of service when nothing works, and comes back by itself', () => {
    const bench = new SessionBench();
    bench.runner.setService({ ...everythingWorks, outOfService: 'registryUnreachable' });
    expect(bench.screen).toEqual({ name: 'outOfService', reason: 'registryUnreachable' });
    bench.runner.setService(everythingWorks);
    expect(bench.screen.name).toBe('welcome');
  });

  it('lets a session that has begun go on while the service changes', async () => {
    const bench = new SessionBench();
    await bench.signInByNik();
    bench.runner.setService({ ...everythingWorks, outOfService: 'registryUnreachable' });
    expect(bench.screen.name).toBe('chooseDocument');
  });

  it('gives views that the protocol allows', async () => {
    const bench = new SessionBench();
    expect(sessionViewSchema.safeParse(bench.runner.view()).success).toBe(true);
    await bench.signInByNik();
    expect(sessionViewSchema.safeParse(bench.runner.view()).success).toBe(true);
  });
});
