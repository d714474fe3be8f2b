import { afterEach, describe, expect, it } from '@jest/globals';
import type { UnavailableReason } from '../../src/rpc/citizen-view.ts';
import type { DocumentKind } from '../../src/domain/document.ts';
import type { LooseBlank } from '../../drivers/simulated-card-printer/parts.ts';
import type { Approved } from '../../scripts/stack/resident.ts';
import { atTerminal, citizen, terminal } from './support/at-terminal.ts';
import { PATIENCE_MS } from './support/citizen.ts';
import { putIn, takeOut } from './support/feeders.ts';
import { foundInClear } from './support/in-clear.ts';
import { movedSince } from './support/physical-record.ts';
import { expectSentence, expectUnavailableSentence } from './support/sentences.ts';

/** What a test took out of a feeder and owes it. */
let outside: { feeder: string; blanks: readonly LooseBlank[] } | null = null;
/** The blank that the ledger expected where a stray lay: nobody has said yet where it is. */
let inDoubt = '';

afterEach(async () => {
  await terminal.stack.panel.post('/api/card-printer/clear-faults', {});
  await refill();
});
atTerminal();

async function empty(feeder: string): Promise<readonly LooseBlank[]> {
  const blanks = await takeOut(terminal.stack, feeder);
  outside = { feeder, blanks };
  return blanks;
}

async function refill(): Promise<void> {
  if (outside === null) return;
  await putIn(terminal.stack, outside.feeder, outside.blanks);
  outside = null;
}

/** Waits for the welcome to promise this of a kind. */
const offered = (kind: DocumentKind, unavailable: UnavailableReason | null): Promise<unknown> =>
  citizen.client.until(
    ({ screen }) =>
      screen.name === 'welcome' &&
      screen.documents.some((d) => d.documentKind === kind && d.unavailable === unavailable),
    PATIENCE_MS,
  );

async function readyKia(): Promise<Approved & { readonly motherNik: string }> {
  const { mother, child } = terminal.people.motherAndChild();
  const application = { documentKind: 'kia', reason: 'first' } as const;
  return { ...(await terminal.approved(child, application, mother)), motherNik: mother.nik };
}

async function expectDelivered(approved: Approved): Promise<void> {
  await citizen.leave();
  await citizen.comeByCode(approved);
  expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
  await terminal.untilRequest(approved.requestId, 'diserahkan');
}

describe('a jam', () => {
  it('asks for an officer, spoils a blank and costs neither the code nor a second visit', async () => {
    const approved = await terminal.lostKtp();
    const before = await terminal.now();
    const jam = { step: 'print', fault: 'jam', when: 'before' };
    await terminal.stack.panel.post('/api/card-printer/fault', jam);
    await citizen.comeByCode(approved);
    await citizen.press({ kind: 'confirmPrint' }, 'printing');
    const told = await citizen.told('cardJammed');
    expect(told.screen.name).toBe('printing');
    expect(told.helpCalled).toBe(true);
    expectSentence('cardJammed');
    await terminal.stack.panel.post('/api/card-printer/clear-jam', {});
    const { screen } = await citizen.take();
    expect(screen).toMatchObject({ outcome: 'delivered', codeStillCounts: false });
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    expect(terminal.settled(approved.requestId)).toMatchObject([
      { outcome: 'spoiled', evidence: 'sensorSaw' },
      { outcome: 'delivered', evidence: 'sensorSaw' },
    ]);
    const moves = await terminal.movedSince(before);
    expect(moves.filter((move) => move === 'blankFed')).toHaveLength(2);
    expect(moves.filter((move) => move === 'sidePrinted')).toHaveLength(1);
    expect(moves.filter((move) => move === 'cardTaken')).toHaveLength(1);
  });
});

describe('an empty feeder', () => {
  it('found at the confirmation prints nothing, and the code counts after the refill', async () => {
    const approved = await terminal.lostKtp();
    await citizen.comeByCode(approved);
    const before = await terminal.now();
    await empty('ktp');
    const { screen, problem } = await citizen.print();
    expect(screen).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
    expect(problem?.code).toBe('blanksOut');
    expectSentence('blanksOut');
    expect(await terminal.movedSince(before)).toEqual([]);
    await terminal.untilRequest(approved.requestId, 'siapCetak');
    await citizen.leave();
    await offered('ktpEl', 'blanksOut');
    expectUnavailableSentence('blanksOut');
    await refill();
    await offered('ktpEl', null);
    await expectDelivered(approved);
  });

  it('that the printer finds while it feeds prints nothing either', async () => {
    const approved = await terminal.lostKtp();
    await citizen.comeByCode(approved);
    const before = await terminal.now();
    const fault = { step: 'feed', fault: 'feederEmpty' };
    await terminal.stack.panel.post('/api/card-printer/fault', fault);
    const { screen, problem } = await citizen.print();
    expect(screen).toMatchObject({ outcome: 'notPrinted', codeStillCounts: true });
    expect(problem?.code).toBe('blanksOut');
    expect(await terminal.movedSince(before)).toEqual([]);
    await terminal.untilRequest(approved.requestId, 'siapCetak');
    await expectDelivered(approved);
  });
});

describe('a KIA when only KTP-el blanks are left', () => {
  it('is not offered: neither in the list nor by its own code', async () => {
    const approved = await readyKia();
    const before = await terminal.now();
    await empty('kia');
    await offered('kia', 'blanksOut');
    const list = await citizen.comeByNik(approved.motherNik, approved.pin);
    expect(list.screen.documents).toMatchObject([
      { requestId: approved.requestId, unavailable: 'blanksOut' },
    ]);
    expect(list.problem?.code).toBe('blanksOut');
    expectSentence('blanksOut');
    citizen.client.choose({ kind: 'chooseDocument', requestId: approved.requestId });
    const after = await citizen.press({ kind: 'finish' }, ['confirm', 'goodbye']);
    expect(after.screen.name).toBe('goodbye');
    await citizen.leave();
    await citizen.scan(approved.collectionCode);
    await citizen.see('enterPrintCode');
    const { printCode } = approved;
    await citizen.press({ kind: 'submitPrintCode', printCode }, 'chooseDocument');
    expect(await terminal.movedSince(before)).toEqual([]);
    await citizen.leave();
    await refill();
    await offered('kia', null);
    await expectDelivered(approved);
  });
});

describe('a KTP-el blank that somebody laid into the feeder for KIA', () => {
  it('is rejected unprinted, and closes the KIA alone until people have looked', async () => {
    const approved = await readyKia();
    await citizen.comeByCode(approved);
    const before = await terminal.now();
    const own = await takeOut(terminal.stack, 'kia');
    const stray = { kind: 'ktpEl', batch: 'SPES-KTP-9', serial: 'SPKTP90001' } as const;
    await putIn(terminal.stack, 'kia', [stray, ...own]);
    inDoubt = own[0]?.serial ?? '';
    const { screen, problem } = await citizen.print();
    expect(screen).toMatchObject({
      outcome: 'spoiled',
      codeStillCounts: true,
      cardKept: 'unprinted',
    });
    expect(problem?.code).toBe('strangeBlank');
    expectSentence('strangeBlank');
    await terminal.untilRequest(approved.requestId, 'siapCetak');
    expect(terminal.settled(approved.requestId)).toMatchObject([
      { outcome: 'spoiled', faultCode: 'wrongBlankKind', blank: null },
    ]);
    const record = await movedSince(terminal.stack, before.record);
    const serialsOf = (type: string): string[] =>
      record.flatMap((move) => (move.type === type && 'serial' in move ? [move.serial ?? ''] : []));
    expect(serialsOf('blankFed')).toEqual([stray.serial]);
    expect(serialsOf('cardRejected')).toEqual([stray.serial]);
    expect(serialsOf('sidePrinted')).toEqual([]);
    await citizen.leave();
    await offered('kia', 'strangeBlank');
    expectUnavailableSentence('strangeBlank');
    await expectDelivered(await terminal.lostKtp());
  });
});

it('has told the same story of every blank in the journal and in the cabinet', async () => {
  expect(await terminal.disagreements([inDoubt])).toEqual([]);
});

it('leaves nothing of all these people readable on the disk or in the log', () => {
  expect(terminal.secrets.size).toBeGreaterThan(15);
  expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);
});
