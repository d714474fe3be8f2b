import { describe, expect, it } from '@jest/globals';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import { newCollectionCode } from '../../src/domain/collection-code.ts';
import type { AttemptSettlement } from '../../src/issuance/issuance.ts';
import { journalEventSchema } from '../../src/journal/catalogue.ts';
import { mustSign } from '../../src/journal/chain/must-sign.ts';
import { sessionViewSchema } from '../../src/rpc/citizen-view.ts';
import { delivered, kkRequest, replacement, SessionBench } from './bench.ts';
import { OLD_CARD } from './fake-slot.ts';

const notPrinted: AttemptSettlement = {
  ...delivered,
  outcome: 'notPrinted',
  problem: 'blanksOut',
  codeStillCounts: true,
  oldCard: 'held',
};
const jammed: CommandFailure = { kind: 'commandError', errorCode: 'mediaJammed' };
const silent: CommandFailure = { kind: 'noAnswer' };
const gone: CommandFailure = { kind: 'deviceGone' };

const told = (bench: SessionBench): readonly string[] =>
  bench.events.map(({ kind }) => kind).filter((kind) => kind.startsWith('oldCard.'));
const calledHelp = (bench: SessionBench): boolean =>
  bench.events.some(({ kind }) => kind === 'help.called');

describe('the old card in the slot', () => {
  it('is taken first, by the UID that the registry names, and given back when nothing was printed', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    expect(bench.slot.asked).toMatchObject([{ expectedUidHex: OLD_CARD }]);
    expect(bench.orders[0]).toMatchObject({ oldCardHeld: true });
    await bench.settleAttempt(notPrinted);
    expect(bench.screen).toMatchObject({ name: 'result', oldCard: 'returned' });
    expect(bench.problem).toBe('blanksOut');
    expect(told(bench)).toEqual([
      'oldCard.acceptCommanded',
      'oldCard.held',
      'oldCard.returnCommanded',
      'oldCard.returned',
    ]);
    expect(bench.slot.unannounced).toEqual([]);
    expect(sessionViewSchema.safeParse(bench.runner.view()).success).toBe(true);
    expect(JSON.stringify([bench.runner.view(), bench.events])).not.toContain(OLD_CARD);
  });

  it('does not move before its intent is durable', async () => {
    const bench = new SessionBench();
    bench.list = [replacement];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: replacement.requestId });
    let flushed: () => void = () => undefined;
    bench.flushing = new Promise((resolve) => (flushed = resolve));
    await bench.choose({ kind: 'confirmPrint' });
    expect(bench.screen.name).toBe('surrenderCard');
    expect(bench.slot.moves).toEqual([]);
    flushed();
    await bench.settle();
    expect(bench.slot.moves).toEqual(['acceptCard']);
  });

  it('announces in rows that are signed and that the catalogue allows', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    await bench.settleAttempt(notPrinted);
    const events = bench.events.filter(({ kind }) => kind.startsWith('oldCard.'));
    for (const event of events) expect(journalEventSchema.safeParse(event).error).toBeUndefined();
    expect(events.filter(mustSign).map(({ kind }) => kind)).toEqual([
      'oldCard.acceptCommanded',
      'oldCard.returnCommanded',
    ]);
  });

  it.each([
    ['oldCard.acceptCommanded', 'acceptCard'],
    ['oldCard.returnCommanded', 'returnCard'],
  ] as const)('a program that leaves out %s is caught', async (kind, move) => {
    const bench = new SessionBench();
    bench.forgotten.add(kind);
    await bench.confirm(replacement);
    await bench.settleAttempt(notPrinted);
    expect(bench.slot.unannounced).toEqual([move]);
  });

  it.each(['code', 'nik', 'eKtp'] as const)(
    'without a UID in the list is not taken, by %s',
    async (way) => {
      const bench = new SessionBench();
      bench.list = [{ ...replacement, oldCardUid: null }];
      if (way === 'code') {
        await bench.scan(newCollectionCode());
        await bench.choose({ kind: 'submitPrintCode', printCode: '12345678' });
      } else {
        if (way === 'nik') await bench.signInByNik();
        else {
          await bench.tap();
          await bench.choose({ kind: 'submitPin', pin: '123456' });
        }
        await bench.choose({ kind: 'chooseDocument', requestId: replacement.requestId });
      }
      await bench.choose({ kind: 'confirmPrint' });
      expect(bench.screen.name).toBe('confirm');
      expect(bench.runner.view().problem).toEqual({
        code: 'oldCardAtOffice',
        params: { office: replacement.issuingOffice },
      });
      expect(bench.slot.moves).toEqual([]);
      expect(bench.orders).toEqual([]);
    },
  );

  it.each([
    ['another card', '04ffffffffffff', 'otherCardInserted'],
    ['a card whose chip is silent', null, 'oldCardAtOffice'],
  ])('%s is given back and nothing is printed', async (_, inserts, problem) => {
    const bench = new SessionBench();
    bench.slot.inserts = inserts;
    await bench.confirm(replacement);
    expect(bench.screen.name).toBe('confirm');
    expect(bench.problem).toBe(problem);
    expect(bench.slot).toMatchObject({ card: 'present', moves: ['acceptCard', 'returnCard'] });
    expect(bench.slot.unannounced).toEqual([]);
    expect(bench.orders).toEqual([]);
  });

  it('of an earlier citizen, still in the slot, is given to nobody', async () => {
    const bench = new SessionBench();
    bench.slot.card = 'held';
    await bench.confirm(replacement);
    expect(bench.problem).toBe('oldCardNotTaken');
    expect(bench.slot.moves).toEqual([]);
    expect(told(bench)).toEqual(['oldCard.notAccepted']);
  });
});

describe('a slot that fails to take the card', () => {
  it('and shows none has taken none', async () => {
    const bench = new SessionBench();
    bench.slot.faults.push({
      on: 'acceptCard',
      failure: { kind: 'commandError', errorCode: 'nothingInserted' },
    });
    await bench.confirm(replacement);
    expect(bench.screen.name).toBe('confirm');
    expect(bench.problem).toBe('oldCardNotInserted');
    expect(told(bench)).toEqual(['oldCard.acceptCommanded', 'oldCard.notAccepted']);
  });

  it.each([silent, gone, { kind: 'hardwareError', reason: 'nonsense' } as const])(
    'with $kind and holds it, gives it back by a new command',
    async (failure) => {
      const bench = new SessionBench();
      bench.slot.faults.push({ on: 'acceptCard', failure, leaves: 'held' });
      await bench.confirm(replacement);
      expect(bench.screen.name).toBe('confirm');
      expect(bench.slot).toMatchObject({ card: 'present', moves: ['acceptCard', 'returnCard'] });
      expect(bench.slot.unannounced).toEqual([]);
      expect(told(bench).slice(-2)).toEqual(['oldCard.returnCommanded', 'oldCard.returned']);
      expect(bench.orders).toEqual([]);
    },
  );

  it.each([
    ['cannot be seen to have it', 'unknown', []],
    ['cannot give it back', 'held', ['returnCard', 'returnCard']],
  ] as const)('and %s ends the visit with a call for an officer', async (_, leaves, returns) => {
    const bench = new SessionBench();
    bench.slot.faults.push(
      { on: 'acceptCard', failure: jammed, leaves },
      { on: 'returnCard', failure: jammed },
      { on: 'returnCard', failure: jammed },
    );
    await bench.confirm(replacement);
    expect(bench.slot.moves).toEqual(['acceptCard', ...returns]);
    expect(bench.slot.unannounced).toEqual([]);
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.problem).toBe('oldCardNotReturned');
    expect(calledHelp(bench)).toBe(true);
    expect(bench.events.at(-1)).toMatchObject({ kind: 'session.ended', reason: 'deviceTrouble' });
    expect(told(bench)).not.toContain('oldCard.returned');
  });

  it('is asked again where it was while its host restarts', async () => {
    const bench = new SessionBench();
    bench.slot.faults.push({ on: 'acceptCard', failure: gone });
    await bench.confirm(replacement);
    expect(bench.screen.name).toBe('confirm');
    bench.slot.faults.push({ on: 'getStatus', failure: gone }, { on: 'getStatus', failure: gone });
    await bench.choose({ kind: 'confirmPrint' });
    expect(bench.slot.moves).toEqual(['acceptCard']);
    await bench.pass(2_000);
    await bench.pass(2_000);
    expect(bench.slot.moves).toEqual(['acceptCard', 'acceptCard']);
    expect(bench.screen.name).toBe('printing');
  });
});

describe('what the result says of the old card', () => {
  it.each([
    ['kept', 'stillYours'],
    ['captured', 'captured'],
    ['notConcerned', 'notConcerned'],
  ] as const)('%s by the attempt is %s', async (oldCard, said) => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    await bench.settleAttempt({ ...notPrinted, oldCard });
    expect(bench.screen).toMatchObject({ name: 'result', oldCard: said });
    expect(bench.slot.moves).toEqual(['acceptCard']);
  });

  it('is told after the card came out, too, where the signed order wanted no old card', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    await bench.progress({ kind: 'presented' });
    await bench.settleAttempt({ ...delivered, oldCard: 'held' });
    expect(bench.screen).toMatchObject({ outcome: 'delivered', oldCard: 'returned' });
    expect(bench.slot.card).toBe('present');
  });

  it('uncertain is uncertain, with a call for an officer, and no second try', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    await bench.settleAttempt({ ...notPrinted, outcome: 'spoiled', oldCard: 'uncertain' });
    expect(bench.screen).toMatchObject({ name: 'result', oldCard: 'uncertain' });
    expect(bench.problem).toBe('oldCardNotReturned');
    expect(calledHelp(bench)).toBe(true);
    expect(bench.orders).toHaveLength(1);
  });

  it('is returned where the second command brought it out', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    bench.slot.faults.push({ on: 'returnCard', failure: silent });
    await bench.settleAttempt(notPrinted);
    expect(bench.slot.moves).toEqual(['acceptCard', 'returnCard', 'returnCard']);
    expect(bench.slot.unannounced).toEqual([]);
    expect(bench.screen).toMatchObject({ oldCard: 'returned' });
    expect(calledHelp(bench)).toBe(false);
  });

  it.each([
    ['held', 'keptForDesk'],
    ['unknown', 'uncertain'],
    ['notPresent', 'uncertain'],
  ] as const)('of a card that a failed return leaves %s is %s', async (leaves, said) => {
    const bench = new SessionBench();
    bench.slot.capturedCount = null;
    await bench.confirm(replacement);
    bench.slot.faults.push(
      { on: 'returnCard', failure: jammed, leaves },
      { on: 'returnCard', failure: jammed, leaves },
    );
    await bench.settleAttempt(notPrinted);
    expect(bench.screen).toMatchObject({ name: 'result', oldCard: said });
    expect(bench.problem).toBe('oldCardNotReturned');
    expect(calledHelp(bench)).toBe(true);
    expect(told(bench).at(-1)).toBe('oldCard.notReturned');
  });

  it('is not said before the slot has shown it', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    bench.slot.faults.push(...[1, 2].map(() => ({ on: 'getStatus' as const, failure: gone })));
    await bench.settleAttempt(notPrinted);
    expect(bench.screen.name).toBe('waitForOldCard');
    await bench.pass(2_000);
    await bench.pass(2_000);
    expect(bench.screen.name).toBe('result');
  });
});

describe('an old card that lies in the bin since an earlier attempt', () => {
  const spoiled: AttemptSettlement = {
    ...notPrinted,
    outcome: 'spoiled',
    problem: 'printFailedCardKept',
    oldCard: 'captured',
  };

  it('is not asked for, and the citizen is told so', async () => {
    const bench = new SessionBench();
    bench.capturedOldCards.add(replacement.requestId);
    bench.list = [replacement];
    await bench.signInByNik();
    await bench.choose({ kind: 'chooseDocument', requestId: replacement.requestId });
    expect(bench.screen).toMatchObject({ name: 'confirm', oldCard: 'capturedBefore' });
    await bench.choose({ kind: 'confirmPrint' });
    expect(bench.screen.name).toBe('printing');
    expect(bench.screen).not.toMatchObject({
      steps: expect.arrayContaining(['capturingOldCard']) as unknown,
    });
    expect(bench.slot.moves).toEqual([]);
    expect(bench.orders[0]).toMatchObject({ oldCardHeld: false });
    await bench.settleAttempt({ ...delivered, oldCard: 'captured' });
    expect(bench.screen).toMatchObject({ outcome: 'delivered', oldCard: 'captured' });
    expect(sessionViewSchema.safeParse(bench.runner.view()).success).toBe(true);
  });

  it('is not asked for though the registry no longer names its chip', async () => {
    const bench = new SessionBench();
    bench.capturedOldCards.add(replacement.requestId);
    await bench.confirm({ ...replacement, oldCardUid: null });
    expect(bench.screen.name).toBe('printing');
  });

  it('is still asked for where it is the card of another request', async () => {
    const bench = new SessionBench();
    bench.capturedOldCards.add('req-other');
    await bench.confirm(replacement);
    expect(bench.slot.moves).toEqual(['acceptCard']);
  });

  it('does not hinder the machine from trying again at once', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    await bench.settleAttempt({ ...spoiled, mayRetryNow: true });
    expect(bench.orders.map(({ oldCardHeld }) => oldCardHeld)).toEqual([true, false]);
    expect(bench.screen).not.toMatchObject({
      steps: expect.arrayContaining(['capturingOldCard']) as unknown,
    });
    await bench.settleAttempt({ ...delivered, oldCard: 'captured' });
    expect(bench.screen).toMatchObject({ outcome: 'delivered', oldCard: 'captured' });
    expect(bench.slot.moves).toEqual(['acceptCard']);
  });
});

describe('a citizen who leaves a document while the slot holds their card', () => {
  const wrongCode: AttemptSettlement = { ...notPrinted, problem: 'wrongPrintCode', triesLeft: 2 };

  it('has it back before the list is shown, so that it is taken for no other document', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    await bench.settleAttempt(wrongCode);
    await bench.choose({ kind: 'back' });
    await bench.choose({ kind: 'back' });
    expect(bench.screen.name).toBe('chooseDocument');
    expect(bench.slot).toMatchObject({ card: 'present', moves: ['acceptCard', 'returnCard'] });
  });

  it('has it back before the session ends', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    await bench.settleAttempt(wrongCode);
    await bench.choose({ kind: 'cancel' });
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.problem).toBe('cancelled');
    expect(told(bench).at(-1)).toBe('oldCard.returned');
    expect(bench.events.at(-1)).toMatchObject({ kind: 'session.ended', reason: 'cancelled' });
  });

  it('is told at the end that an officer keeps what the slot does not give back', async () => {
    const bench = new SessionBench();
    await bench.confirm(replacement);
    await bench.settleAttempt(wrongCode);
    bench.slot.faults.push({ on: 'returnCard', failure: jammed, leaves: 'unknown' });
    await bench.choose({ kind: 'cancel' });
    expect(bench.screen.name).toBe('goodbye');
    expect(bench.problem).toBe('oldCardNotReturned');
    expect(calledHelp(bench)).toBe(true);
    expect(bench.endedClaims).toEqual(['token']);
  });

  it('of nobody else: a KK has no old card to speak of', async () => {
    const bench = new SessionBench();
    await bench.confirm(kkRequest);
    await bench.settleAttempt(delivered);
    expect(bench.slot.moves).toEqual([]);
  });
});
