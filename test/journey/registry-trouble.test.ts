import { afterEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Approved } from '../../scripts/stack/resident.ts';
import type { SessionView } from '../../src/rpc/citizen-view.ts';
import type { Faults } from '../../src/registry/reference/fault-switches.ts';
import { atTerminal, citizen, terminal } from './support/at-terminal.ts';
import { ConsoleVisitor, FIRST_PASSWORD } from './support/console-visitor.ts';
import { foundInClear } from './support/in-clear.ts';
import { readJournal } from './support/journal-file.ts';
import { untilMoved } from './support/physical-record.ts';
import { anjunganOf } from './support/processes.ts';
import {
  expectOutOfServiceSentence,
  expectSentence,
  expectUnavailableSentence,
} from './support/sentences.ts';

atTerminal();
afterEach(async () => {
  expect(await terminal.disagreements()).toEqual([]);
});

const readyKk = (): Promise<Approved> =>
  terminal.approved(terminal.people.head(1, 10), { documentKind: 'kk', reason: 'changed' });

/** The codes of a document that was not printed print it now, once. */
async function expectPrints(approved: Approved): Promise<void> {
  const before = await terminal.now();
  await citizen.leave();
  await citizen.comeByCode(approved);
  expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
  await terminal.untilRequest(approved.requestId, 'diserahkan');
  const originals = (await terminal.movedSince(before)).filter(
    (move) => move === 'cardTaken' || move.endsWith('.pdf'),
  );
  expect(originals).toHaveLength(1);
  const delivered = terminal
    .settled(approved.requestId)
    .filter(({ outcome }) => outcome === 'delivered');
  expect(delivered).toHaveLength(1);
}

describe('a registry that cannot be asked who this is', () => {
  it('because it is down: says so, serves nobody until it is back, and the code counts then', async () => {
    const approved = await terminal.lostKtp();
    await citizen.see('welcome');
    await citizen.scan(approved.collectionCode);
    await citizen.see('enterPrintCode');
    await terminal.setRegistry({ registryDown: true });
    const { printCode } = approved;
    const view = await citizen.press({ kind: 'submitPrintCode', printCode }, 'goodbye');
    expect(view.problem?.code).toBe('registryUnreachable');
    expectSentence('registryUnreachable');
    await citizen.press({ kind: 'finish' }, ['welcome', 'outOfService']);
    const closed = await citizen.see('outOfService');
    expect(closed.screen.reason).toBe('registryUnreachable');
    expectOutOfServiceSentence('registryUnreachable');
    await terminal.setRegistry({ registryDown: false });
    await citizen.see('welcome');
    await expectPrints(approved);
  });

  it('because it answers after twenty seconds: gives up before, and the code counts later', async () => {
    const approved = await terminal.lostKtp();
    await citizen.see('welcome');
    await citizen.scan(approved.collectionCode);
    await citizen.see('enterPrintCode');
    await terminal.setRegistry({ slow: true });
    const { printCode } = approved;
    const view = await citizen.press({ kind: 'submitPrintCode', printCode }, 'goodbye');
    expect(view.problem?.code).toBe('registryNoAnswer');
    expectSentence('registryNoAnswer');
    await terminal.setRegistry({ slow: false });
    await expectPrints(approved);
  });

  it('because it talks nonsense: believes nothing of it', async () => {
    const approved = await terminal.lostKtp();
    await citizen.see('welcome');
    await citizen.scan(approved.collectionCode);
    await citizen.see('enterPrintCode');
    await terminal.setRegistry({ nonsense: true });
    const { printCode } = approved;
    const view = await citizen.press({ kind: 'submitPrintCode', printCode }, 'goodbye');
    expect(view.problem?.code).toBe('registryNonsense');
    expectSentence('registryNonsense');
    await terminal.setRegistry({ nonsense: false });
    await expectPrints(approved);
  });
});

describe('a registry that fails when the print is to begin', () => {
  it.each([
    ['down', { registryDown: true }, 'registryUnreachable'],
    ['out of its mind', { nonsense: true }, 'registryNonsense'],
  ] as const)(
    'because it is %s: nothing moves and the code counts later',
    async (_, faults, code) => {
      const approved = await terminal.lostKtp();
      await citizen.comeByCode(approved);
      const before = await terminal.now();
      await terminal.setRegistry(faults);
      const { screen, problem } = await citizen.print();
      expect(screen).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
      expect(problem?.code).toBe(code);
      expect(await terminal.movedSince(before)).toEqual([]);
      await terminal.setRegistry({ registryDown: false, nonsense: false });
      await terminal.untilRequest(approved.requestId, 'siapCetak');
      await expectPrints(approved);
    },
  );

  it('because it cuts an answer off prints all the same, once', async () => {
    const approved = await terminal.lostKtp();
    const before = await terminal.now();
    await citizen.comeByCode(approved);
    await terminal.setRegistry({ loseNextAnswers: 1 });
    expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    expect((await terminal.movedSince(before)).filter((m) => m === 'cardTaken')).toHaveLength(1);
  });
});

describe('what was altered on the way', () => {
  const ktp = (): Promise<Approved> => terminal.lostKtp();
  const cases: readonly (readonly [string, keyof Faults, () => Promise<Approved>])[] = [
    ['a print order by one letter', 'alterOrderByte', ktp],
    ['a printed field by one letter', 'alterField', ktp],
    ['a KK by one byte, under a good order', 'alterPdfByte', readyKk],
    ['a KK by one byte, before its order was made', 'alterPdfByteUnderOrder', readyKk],
  ];
  it.each(cases)(
    '%s is not printed, and the unaltered one is, by the same code',
    async (_, fault, apply) => {
      const approved = await apply();
      await citizen.comeByCode(approved);
      const before = await terminal.now();
      await terminal.setRegistry({ [fault]: true });
      const { screen, problem } = await citizen.print();
      expect(screen).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
      expect(problem?.code).toBe('documentAltered');
      expectSentence('documentAltered');
      expect(await terminal.movedSince(before)).toEqual([]);
      await terminal.setRegistry({ [fault]: false });
      await terminal.untilRequest(approved.requestId, 'siapCetak');
      await expectPrints(approved);
    },
  );
});

describe('a registry that denies having reserved', () => {
  it('once the blank is fed: the card comes out, people get the difference, and no second one is ever printed', async () => {
    const office = new ConsoleVisitor(terminal.stack.core.endpoints.console);
    await office.setUp(terminal.stack.core.endpoints.setupSecretFile);
    await office.makeAccount('Tono', 'technician');
    const approved = await terminal.lostKtp();
    await citizen.comeByCode(approved);
    const before = await terminal.now();
    const fed = untilMoved(terminal.stack, before.record, ['blankFed']);
    const printed = citizen.print();
    await fed;
    await terminal.setRegistry({ denyReservations: true });
    expect((await printed).screen).toMatchObject({ outcome: 'delivered', codeStillCounts: false });
    await terminal.untilOwesNothing();
    const [attempt] = terminal.settled(approved.requestId);
    const attemptId = attempt?.attemptId ?? '';
    expect(disputes()).toMatchObject([{ attemptId, why: 'unknownReservation' }]);
    const who = { name: 'Tono', password: FIRST_PASSWORD };
    const { stdout } = await anjunganOf(terminal.stack.dataDir, who, 'staff', 'items');
    // What the tests before left open waits there too.
    const items = z.array(z.looseObject({ attemptId: z.string() })).parse(JSON.parse(stdout));
    expect(items.filter((item) => item.attemptId === attemptId)).toMatchObject([
      {
        state: 'needsReview',
        outcome: 'delivered',
        dispute: 'unknownReservation',
        people: 2,
        blank: { place: 'issued' },
      },
    ]);

    // Once it remembers again, the same citizen comes back with the same codes.
    await terminal.setRegistry({ denyReservations: false });
    await citizen.leave();
    await citizen.scan(approved.collectionCode);
    await citizen.see('enterPrintCode');
    const { printCode } = approved;
    const { screen } = await citizen.press(
      { kind: 'submitPrintCode', printCode },
      'chooseDocument',
    );
    expect(screen.documents).toMatchObject([
      { requestId: approved.requestId, state: 'mencetak', unavailable: 'notReady' },
    ]);
    const moved = await terminal.movedSince(before);
    expect(moved.filter((move) => move === 'blankFed' || move === 'cardTaken')).toEqual([
      'blankFed',
      'cardTaken',
    ]);
  });

  it('when the print is to begin: nothing moves, and the citizen is told', async () => {
    const approved = await terminal.lostKtp();
    await citizen.comeByCode(approved);
    const before = await terminal.now();
    await terminal.setRegistry({ denyReservations: true });
    const { screen, problem } = await citizen.print();
    expect(screen).toMatchObject({ outcome: 'notPrinted' });
    expect(problem?.code).toBe('notReadyAnymore');
    expectSentence('notReadyAnymore');
    await terminal.untilOwesNothing();
    expect(await terminal.movedSince(before)).toEqual([]);
    expect(terminal.settled(approved.requestId)).toMatchObject([{ outcome: 'notPrinted' }]);
    expect(disputes()).toHaveLength(1);
    // What else has it forgotten? No card is printed until two people have compared it with the record.
    const { requestId } = approved;
    expect(doubts()).toEqual([{ what: 'registryForgot', of: 'reservation', requestId }]);
    await citizen.leave();
    const isAway = (kind: string, { screen: shown }: SessionView): boolean =>
      shown.name === 'welcome' &&
      shown.documents.some(
        ({ documentKind, unavailable }) =>
          documentKind === kind && unavailable === 'registryForgot',
      );
    const closed = await citizen.client.until((view) => isAway('ktpEl', view), 10_000);
    expect(['ktpEl', 'kia', 'kk'].filter((kind) => isAway(kind, closed))).toEqual(['ktpEl', 'kia']);
    expectUnavailableSentence('registryForgot');
  });
});

/** What the registry contradicts, as the record has it. */
const doubts = () =>
  readJournal(terminal.stack.dataDir).rows.flatMap(({ event }) =>
    event.kind === 'stock.incidentFound' ? [event['incident']] : [],
  );

/** What the registry's answers dispute of attempts, as the record has it. */
const disputes = () =>
  readJournal(terminal.stack.dataDir).rows.flatMap(({ event }) =>
    event.kind === 'registry.outcomeDisputed' ? [event] : [],
  );

it('leaves nothing of all these people readable on the disk or in the log', () => {
  expect(terminal.secrets.size).toBeGreaterThan(30);
  expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);
});
