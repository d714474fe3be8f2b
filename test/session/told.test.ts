import { describe, expect, it } from '@jest/globals';
import type { RequestState } from '../../src/domain/request.ts';
import type { AttemptSettlement } from '../../src/issuance/issuance.ts';
import { sessionViewSchema } from '../../src/rpc/citizen-view.ts';
import { attemptLimits } from '../../src/issuance/time-limits.ts';
import { timeLimitsMs } from '../../src/session/time-limits.ts';
import { delivered, everythingWorks, kkRequest, ktpRequest, NIK, SessionBench } from './bench.ts';

const spoiled: AttemptSettlement = {
  ...delivered,
  outcome: 'spoiled',
  problem: 'printFailedCardKept',
  codeStillCounts: true,
};
const OFFICE = { office: ktpRequest.issuingOffice };

describe('a citizen who says that the data is wrong', () => {
  it('is told that nothing was printed, that the code counts, and where to go', async () => {
    const bench = new SessionBench();
    bench.list = [ktpRequest];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: ktpRequest.requestId });
    await bench.choose({ kind: 'dataWrong' });
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.runner.view().problem).toEqual({ code: 'dataWrong', params: OFFICE });
    expect(bench.messages).toEqual([{ kind: 'correction', requestId: ktpRequest.requestId }]);
    expect(bench.orders).toEqual([]);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'session.ended', reason: 'finished' });
    expect(sessionViewSchema.safeParse(bench.runner.view()).success).toBe(true);
  });
});

describe('a refused PIN', () => {
  it.each([
    ['that used the last try of this session', { kind: 'refused', triesLeft: 0 }, 'triesUsedUp'],
    [
      'after which the registry makes one wait',
      { kind: 'refused', triesLeft: null },
      'waitBeforeRetry',
    ],
    ['of a NIK that the registry has locked', { kind: 'locked' }, 'locked'],
  ] as const)('%s ends the session with its own sentence', async (_, refusal, problem) => {
    const bench = new SessionBench();
    bench.refuse(refusal);
    await bench.signInByNik();
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.problem).toBe(problem);
  });
});

describe('what was refused', () => {
  it('is not said any more while the next try is looked at', async () => {
    const bench = new SessionBench();
    bench.refuse({ kind: 'refused', triesLeft: 2 });
    await bench.signInByNik();
    expect(bench.problem).toBe('refused');
    const told: string[] = [];
    bench.runner.onView(({ screen, problem }) =>
      told.push(`${screen.name}: ${problem?.code ?? 'nothing'}`),
    );
    await bench.choose({ kind: 'submitPin', pin: '654321' });
    expect(told[0]).toBe('verifying: nothing');
    expect(bench.screen.name).toBe('chooseDocument');
  });
});

describe('a refused print code', () => {
  const wrongCode: AttemptSettlement = {
    ...delivered,
    outcome: 'notPrinted',
    problem: 'wrongPrintCode',
    codeStillCounts: true,
  };

  it('is asked for again while a try is left', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    await bench.settleAttempt({ ...wrongCode, triesLeft: 1 });
    expect(bench.screen.name).toBe('enterPrintCode');
    expect(bench.runner.view().problem).toEqual({
      code: 'wrongPrintCode',
      params: { triesLeft: 1 },
    });
    await bench.choose({ kind: 'submitPrintCode', printCode: '12345678' });
    expect(bench.screen.name).toBe('printing');
    // Nothing was printed before, so nothing is said of a damaged card.
    expect(bench.problem).toBeNull();
  });

  it('is not asked for again once no try is left', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    await bench.settleAttempt({ ...wrongCode, triesLeft: 0 });
    expect(bench.screen).toMatchObject({ name: 'result', codeStillCounts: true });
    expect(bench.problem).toBe('triesUsedUp');
  });
});

describe('a blank that is spoiled', () => {
  it('for the last time leaves the entitlement to an officer and promises no code', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    await bench.settleAttempt({ ...spoiled, mayRetryNow: true });
    await bench.settleAttempt({ ...spoiled, codeStillCounts: false });
    expect(bench.screen).toMatchObject({
      name: 'result',
      outcome: 'spoiled',
      codeStillCounts: false,
      codeUsed: false,
      referenceNumber: delivered.attemptId,
    });
    expect(bench.problem).toBe('officerContinues');
  });

  it('because the slot failed is told as the slot and not as the reader at the start', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    await bench.settleAttempt({ ...spoiled, problem: 'readerTrouble' });
    expect(bench.problem).toBe('oldCardSlotTrouble');
  });

  it('whose holder did not match is told as that, whoever goes on with it', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    await bench.settleAttempt({ ...spoiled, problem: 'holderNotMatched', codeStillCounts: false });
    expect(bench.problem).toBe('holderNotMatched');
  });
});

describe('while a card is stuck', () => {
  it('the screen says so, with a call for an officer on record, and not that the machine tries again', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    await bench.progress({ kind: 'jammed' });
    expect(bench.screen.name).toBe('printing');
    expect(bench.problem).toBe('cardJammed');
    expect(bench.runner.view().helpCalled).toBe(true);
  });
});

describe('a card that waits for its holder', () => {
  const asked = { kind: 'fingerAsked', finger: 'rightIndex', triesLeft: 4 } as const;

  it('has the screen ask for one finger, say what the sensor wants, and not show it as a step before', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    const plain = bench.screen;
    expect(plain).toMatchObject({ name: 'printing' });
    expect(JSON.stringify(plain)).not.toContain('checkingHolder');
    await bench.progress({ kind: 'step', step: 'checkingHolder' });
    expect(bench.screen).toMatchObject({ name: 'printing', step: 'checkingHolder' });
    await bench.progress(asked);
    const screen = { name: 'placeFinger', finger: 'rightIndex', guidance: null, again: false };
    expect(bench.screen).toEqual(screen);
    await bench.progress({ ...asked, guidance: 'pressHarder' });
    expect(bench.screen).toEqual({ ...screen, guidance: 'pressHarder' });
    await bench.progress({ ...asked, finger: 'leftIndex', triesLeft: 3 });
    expect(bench.screen).toEqual({ ...screen, finger: 'leftIndex', again: true });
    expect(sessionViewSchema.safeParse(bench.runner.view()).success).toBe(true);
    expect(bench.runner.view()).toMatchObject({ canCancel: false, timeLimit: null });
    await bench.progress({ kind: 'step', step: 'presenting' });
    expect(bench.screen).toMatchObject({ name: 'printing', step: 'presenting' });
    const { steps } = bench.screen as { readonly steps: readonly string[] };
    expect(steps).toContain('checkingHolder');
    expect(steps).not.toContain('verifying');
  });

  it('calls an officer where no finger settled it, and says where the card is', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    await bench.progress({ kind: 'step', step: 'checkingHolder' });
    await bench.progress(asked);
    await bench.progress({ kind: 'waiverAwaited' });
    expect(bench.screen).toMatchObject({ name: 'printing', step: 'checkingHolder' });
    expect(bench.problem).toBe('holderWaits');
    expect(bench.runner.view().helpCalled).toBe(true);
    await bench.progress({ kind: 'presented' });
    expect([bench.screen.name, bench.problem]).toEqual(['takeCard', null]);
  });
});

describe('a card that lies at the exit', () => {
  it('is told of again where nobody takes it, and the next one only after its own time', async () => {
    const bench = new SessionBench();
    const second = { ...ktpRequest, requestId: 'req-2' };
    bench.list = [ktpRequest, second];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: ktpRequest.requestId });
    await bench.choose({ kind: 'confirmPrint' });
    await bench.progress({ kind: 'presented' });
    expect(bench.screen).toEqual({ name: 'takeCard', documentKind: 'ktpEl', reminded: false });
    const { viewId } = bench.runner.view();
    await bench.progress({ kind: 'takeReminder' });
    expect(bench.screen).toEqual({ name: 'takeCard', documentKind: 'ktpEl', reminded: true });
    expect(bench.runner.view().viewId).toBeGreaterThan(viewId);
    expect(sessionViewSchema.safeParse(bench.runner.view()).success).toBe(true);
    await bench.settleAttempt(delivered);
    await bench.choose({ kind: 'another' });
    await bench.choose({ kind: 'chooseDocument', requestId: second.requestId });
    await bench.choose({ kind: 'confirmPrint' });
    await bench.progress({ kind: 'presented' });
    expect(bench.screen).toMatchObject({ name: 'takeCard', reminded: false });
  });
});

describe('an attempt that the stop of the terminal ended', () => {
  it('is not told as if the citizen had cancelled it', async () => {
    const bench = new SessionBench();
    await bench.confirm(ktpRequest);
    await bench.settleAttempt({ ...spoiled, outcome: 'notPrinted', problem: 'cancelled' });
    expect(bench.problem).toBe('terminalStopping');
  });
});

describe('paper', () => {
  it('that stops in the printer is told with its cause, and no more once it goes on', async () => {
    const bench = new SessionBench();
    await bench.confirm(kkRequest);
    await bench.progress({ kind: 'step', step: 'printing' });
    await bench.progress({ kind: 'paperStopped', stop: 'mediaJam' });
    expect(bench.screen).toMatchObject({ name: 'printing', step: 'printing' });
    expect(bench.runner.view().problem).toEqual({
      code: 'paperStopped',
      params: { cause: 'mediaJam', waitMinutes: 5 },
    });
    expect(sessionViewSchema.safeParse(bench.runner.view()).success).toBe(true);
    await bench.progress({ kind: 'paperStopped', stop: 'coverOpen' });
    expect(bench.runner.view().problem?.params).toMatchObject({ cause: 'coverOpen' });
    await bench.progress({ kind: 'paperGoesOn' });
    expect([bench.screen.name, bench.problem]).toEqual(['printing', null]);
    await bench.settleAttempt(delivered);
    expect([bench.screen.name, bench.problem]).toEqual(['takePaper', null]);
  });

  it('that stopped for good leaves the question to the citizen, not the cause', async () => {
    const bench = new SessionBench();
    await bench.confirm(kkRequest);
    await bench.progress({ kind: 'paperStopped', stop: 'noAnswer' });
    await bench.progress({ kind: 'paperUnclear', pages: 1 });
    expect([bench.screen.name, bench.problem]).toEqual(['takePaper', 'paperUnclear']);
  });

  it('that nobody answers for is left to issuance, and no word is put into the citizen’s mouth', async () => {
    const bench = new SessionBench();
    await bench.confirm(kkRequest);
    await bench.progress({ kind: 'paperUnclear', pages: 1 });
    await bench.pass(attemptLimits.askCitizenMs);
    expect(bench.paperSaid).toEqual([]);
    expect(bench.screen.name).toBe('takePaper');
    expect(bench.runner.view().timeLimit).toBeNull();
    await bench.settleAttempt({ ...delivered, outcome: 'uncertain', problem: 'paperUncertain' });
    expect(bench.screen).toMatchObject({ name: 'result', outcome: 'uncertain' });
  });

  it('that the printer reported and the citizen misses is for an officer, its code used', async () => {
    const bench = new SessionBench();
    await bench.confirm(kkRequest);
    await bench.settleAttempt(delivered);
    await bench.choose({ kind: 'paperMissing' });
    expect(bench.screen).toMatchObject({
      name: 'result',
      outcome: 'uncertain',
      codeStillCounts: false,
      codeUsed: true,
      mayRepeat: false,
    });
    expect(bench.problem).toBe('paperMissing');
    expect(bench.runner.view().helpCalled).toBe(true);
    await bench.choose({ kind: 'repeatPrint' });
    expect(bench.orders).toHaveLength(1);
  });

  it('in doubt beyond the limit of the registry is not offered again', async () => {
    const bench = new SessionBench();
    await bench.confirm(kkRequest);
    await bench.settleAttempt({
      ...delivered,
      outcome: 'uncertain',
      problem: 'paperUncertain',
      codeStillCounts: false,
    });
    expect(bench.screen).toMatchObject({ mayRepeat: false, codeStillCounts: false });
    expect(bench.problem).toBe('limitReached');
    await bench.choose({ kind: 'repeatPrint' });
    expect(bench.orders).toHaveLength(1);
  });
});

describe('a list with nothing to print here', () => {
  it.each<[readonly RequestState[], string]>([
    [[], 'nothingOpen'],
    [['diserahkan', 'kedaluwarsa'], 'nothingOpen'],
    [['diproses', 'ditolak'], 'nothingReady'],
    [['mencetak'], 'reservedElsewhere'],
    [['diproses', 'gagalCetak'], 'waitsForOfficer'],
    [['takDiambil'], 'waitsForOfficer'],
    [['perluPeriksa'], 'waitsForOfficer'],
  ])('of %j is told as %s', async (states, problem) => {
    const bench = new SessionBench();
    bench.list = states.map((state, index) => ({
      ...ktpRequest,
      requestId: `req-${index}`,
      state,
    }));
    await bench.signInByNik();
    expect(bench.screen.name).toBe('chooseDocument');
    expect(bench.problem).toBe(problem);
  });
});

describe('the closing screen', () => {
  const leaveAfter = async (problem: 'cancelled' | 'unreachable'): Promise<SessionBench> => {
    const bench = new SessionBench(everythingWorks);
    if (problem === 'unreachable') bench.refuse({ kind: problem });
    await bench.choose({ kind: 'startWay', way: 'nik' });
    await bench.choose({ kind: 'submitNik', nik: NIK });
    if (problem === 'cancelled') await bench.choose({ kind: 'cancel' });
    else await bench.choose({ kind: 'submitPin', pin: '123456' });
    expect(bench.screen.name).toBe('goodbye');
    return bench;
  };

  it('goes by itself after a visit that the citizen ended', async () => {
    const bench = await leaveAfter('cancelled');
    await bench.pass(timeLimitsMs.goodbye);
    expect(bench.screen.name).toBe('welcome');
  });

  it('stays longer where it has something to tell', async () => {
    const bench = await leaveAfter('unreachable');
    await bench.pass(timeLimitsMs.goodbye);
    expect(bench.problem).toBe('registryUnreachable');
    await bench.pass(timeLimitsMs.result);
    expect(bench.screen.name).toBe('welcome');
  });
});

describe('a KTP-el whose blanks are out here, while another kind of KTP-el blank is there', () => {
  it('is not offered, so that no old card is given up for it', async () => {
    const bench = new SessionBench({ ...everythingWorks, without: ['ktpElWna'] });
    const foreigner = { ...ktpRequest, requestId: 'req-wna', blankKind: 'ktpElWna' } as const;
    bench.list = [ktpRequest, foreigner];
    await bench.signInByNik();
    if (bench.screen.name !== 'chooseDocument') throw new Error(bench.screen.name);
    const offered = bench.screen.documents.map(({ requestId, unavailable }) => [
      requestId,
      unavailable,
    ]);
    expect(offered).toEqual([
      [ktpRequest.requestId, null],
      ['req-wna', 'blanksOut'],
    ]);
    await bench.choose({ kind: 'chooseDocument', requestId: 'req-wna' });
    expect(bench.screen.name).toBe('chooseDocument');
  });
});
