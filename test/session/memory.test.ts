import { describe, expect, it } from '@jest/globals';
import { initialTransition, transition } from 'xstate';
import { newCollectionCode } from '../../src/domain/collection-code.ts';
import { nikSchema } from '../../src/domain/nik.ts';
import type { SessionEvent } from '../../src/session/events.ts';
import { sessionMachine } from '../../src/session/machine.ts';
import { delivered, everythingWorks, kkRequest, NIK, SessionBench } from './bench.ts';

/** What the machine itself holds, which no view shows. */
function memoryAfter(events: readonly SessionEvent[]) {
  let [snapshot] = initialTransition(sessionMachine, { service: everythingWorks });
  for (const event of events) [snapshot] = transition(sessionMachine, snapshot, event);
  return snapshot;
}

const withCard: SessionEvent[] = [
  { type: 'choice.setLanguage', language: 'en' },
  { type: 'card.inserted' },
  {
    type: 'factor.presented',
    way: 'eKtp',
    factor: { kind: 'nik', nik: nikSchema.parse(NIK) },
  },
  { type: 'choice.submitPin', pin: '123456' },
  {
    type: 'claim.verified',
    claim: { claimToken: 'the-token', claimantName: 'S*** A*****', expiresAt: 0 },
  },
  {
    type: 'requests.listed',
    requests: [{ ...kkRequest, needsPrintCode: true, oldCardCaptured: false }],
  },
  { type: 'choice.chooseDocument', requestId: 'req-kk' },
  { type: 'choice.confirmPrint' },
  { type: 'choice.submitPrintCode', printCode: '87654321' },
];

describe('the memory of a session', () => {
  it('holds what printing needs while it prints', () => {
    const told = JSON.stringify(memoryAfter(withCard).context);
    for (const secret of ['the-token', '87654321', 'S*** A*****', NIK]) {
      expect(told).toContain(secret);
    }
  });

  it('holds nothing of the citizen on the screens that only take leave', () => {
    const left = memoryAfter([
      ...withCard,
      {
        type: 'attempt.settled',
        attempt: {
          attemptId: delivered.attemptId,
          outcome: 'delivered',
          problem: null,
          codeStillCounts: false,
          codeUsed: true,
          cardKept: null,
          oldCard: 'notConcerned',
          mayRetryNow: false,
        },
      },
      { type: 'choice.paperTaken' },
      { type: 'choice.finish' },
      { type: 'choice.skipRating' },
    ]);
    expect(left.value).toBe('takeYourCard');
    expect(left.context).toMatchObject({ language: 'en', way: 'eKtp', cardPresent: true });
    const told = JSON.stringify(left.context);
    for (const secret of ['the-token', '87654321', 'S*** A*****', NIK, 'req-kk']) {
      expect(told).not.toContain(secret);
    }
  });
});

describe('a call for an officer', () => {
  const calls = (bench: SessionBench): number =>
    bench.events.filter(({ kind }) => kind === 'help.called').length;

  it('is recorded once, however often it is pressed', async () => {
    const bench = new SessionBench();
    await bench.choose({ kind: 'startWay', way: 'nik' });
    for (let press = 0; press < 5; press += 1) await bench.choose({ kind: 'callOfficer' });
    expect(calls(bench)).toBe(1);
  });

  it('may be made anew by whoever comes to the welcome a minute later', async () => {
    const bench = new SessionBench();
    await bench.choose({ kind: 'callOfficer' });
    await bench.choose({ kind: 'callOfficer' });
    expect(calls(bench)).toBe(1);
    await bench.pass(60_000);
    await bench.choose({ kind: 'callOfficer' });
    expect(calls(bench)).toBe(2);
  });
});

describe('while a card is being read', () => {
  it('a scanned code, good or bad, does not take the place of the card’s answer', async () => {
    for (const payload of ['https://evil.example/', newCollectionCode()]) {
      const bench = new SessionBench();
      const answer = bench.read;
      const late = Promise.withResolvers<unknown>();
      bench.read = late.promise;
      await bench.tap();
      await bench.scan(payload);
      expect(bench.screen.name).toBe('readingCard');
      late.resolve(answer);
      await bench.settle();
      expect(bench.screen).toEqual({ name: 'enterPin', way: 'eKtp' });
    }
  });
});
