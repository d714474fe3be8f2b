import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { simulatedReference } from '../../drivers/biometric/simulated-template.ts';
import type { Approved } from '../../scripts/stack/resident.ts';
import { proposalSchema, staffItemSchema } from '../../src/rpc/staff.ts';
import { byHand } from '../drivers/biometric/by-hand.ts';
import { PATIENCE_MS, PRINT_MS } from './support/citizen.ts';
import { ConsoleVisitor, FIRST_PASSWORD, PASSWORD } from './support/console-visitor.ts';
import { foundInClear } from './support/in-clear.ts';
import { readJournal } from './support/journal-file.ts';
import { anjunganOf, type Ran } from './support/processes.ts';
import { expectSentence } from './support/sentences.ts';
import { untilHolds } from './support/waiting.ts';
import { JOURNEY_MS, Terminal } from './support/terminal.ts';

jest.setTimeout(JOURNEY_MS);

let terminal: Terminal;

beforeAll(async () => {
  const preload = path.join(import.meta.dirname, 'support/preload/brief-waiver.ts');
  terminal = await Terminal.start({ fingerSensor: true, preload });
  const office = new ConsoleVisitor(terminal.stack.core.endpoints.console);
  await office.setUp(terminal.stack.core.endpoints.setupSecretFile);
  await office.makeAccount('Sari', 'supervisor');
  await office.makeAccount('Tono', 'technician');
  for (const name of ['Sari', 'Tono']) {
    const words = { name, password: `${FIRST_PASSWORD}\n${PASSWORD}` };
    expect((await anjunganOf(terminal.stack.dataDir, words, 'staff', 'password')).status).toBe(0);
  }
});
afterEach(async () => {
  await terminal.tidy();
});
afterAll(() => terminal.stop());

/** A lost KTP-el of somebody whose index fingers the office has recorded. */
async function lostByRecorded(): Promise<{ readonly approved: Approved; readonly name: string }> {
  const holder = terminal.people.adult();
  const name = holder.personId;
  for (const finger of ['rightIndex', 'leftIndex'] as const) {
    const template = simulatedReference(name, finger, 'iso19794-2').toString('base64');
    terminal.secrets.add(template.slice(40, 80));
    await terminal.stack.front.post(`/front/api/people/${holder.personId}/fingerprints`, {
      finger,
      format: 'iso19794-2',
      templateBase64: template,
    });
  }
  const approved = await terminal.approved(holder, { documentKind: 'ktpEl', reason: 'lost' });
  return { approved, name };
}

const as = (name: string, ...args: string[]): Promise<Ran> =>
  anjunganOf(terminal.stack.dataDir, { name, password: PASSWORD }, ...args);

/** Lays a finger on the sensor; its engine may be another than a moment ago, since a session has ended. */
const put = (person: string, finger: string): Promise<unknown> =>
  untilHolds(
    () =>
      byHand(terminal.stack.fingerSocket, { type: 'put', person, finger }).then(
        () => 'done',
        (error: unknown) => (error as NodeJS.ErrnoException).code,
      ),
    (said) => said === 'done',
    PATIENCE_MS,
  );

/** What the record says of the check of a request's last attempt. */
function checked(requestId: string): unknown[] {
  const attemptId = terminal.settled(requestId).at(-1)?.attemptId;
  return readJournal(terminal.stack.dataDir).rows.flatMap(({ event }): unknown[] => {
    if (event['attemptId'] !== attemptId) return [];
    if (event.kind === 'attempt.holderTried') return [[event['finger'], event['result']]];
    return event['holderCheck'] === undefined ? [] : [event['holderCheck']];
  });
}

describe('a KTP-el of somebody whose fingers are recorded', () => {
  it('comes out only once one of them lies on the sensor, whichever was asked for first', async () => {
    const { approved, name } = await lostByRecorded();
    const citizen = await terminal.citizen();
    await citizen.comeByCode(approved);
    await citizen.press({ kind: 'confirmPrint' }, 'printing');
    const asked = await citizen.see('placeFinger', PATIENCE_MS);
    expect(asked.screen).toMatchObject({ finger: 'rightIndex', again: false });
    await put(name, 'leftIndex');
    expect((await citizen.take()).screen).toMatchObject({ outcome: 'delivered' });
    await citizen.leave();
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    expect(checked(approved.requestId)).toEqual([
      ['rightIndex', 'notMatched'],
      ['leftIndex', 'matched'],
      'matched',
    ]);
    expect(await terminal.disagreements()).toEqual([]);
  });

  it('is kept from anybody else until a named officer vouches for them, and the record says who', async () => {
    const waive = (name: string) => as(name, 'staff', 'waive');
    const idle = await waive('Sari');
    expect([idle.status, JSON.parse(idle.stdout)]).toEqual([
      1,
      { error: { kind: 'noHolderCheck' } },
    ]);

    const { approved } = await lostByRecorded();
    const before = await terminal.now();
    const citizen = await terminal.citizen();
    await citizen.comeByCode(approved);
    await citizen.press({ kind: 'confirmPrint' }, 'printing');
    await citizen.see('placeFinger', PATIENCE_MS);
    await put('somebody else', 'rightIndex');
    const waiting = await citizen.client.until(
      ({ problem }) => problem?.code === 'holderWaits',
      PATIENCE_MS,
    );
    expect(waiting).toMatchObject({ screen: { name: 'printing' }, helpCalled: true });
    expectSentence('holderWaits');
    expect(await terminal.movedSince(before)).not.toContain('cardPresented');
    expect((await waive('Tono')).status).not.toBe(0);
    expect(await terminal.movedSince(before)).not.toContain('cardPresented');
    expect(await waive('Sari')).toMatchObject({ status: 0, stderr: '' });
    expect((await citizen.take()).screen).toMatchObject({ outcome: 'delivered' });
    await citizen.leave();
    await terminal.untilRequest(approved.requestId, 'diserahkan');
    expect(checked(approved.requestId)).toEqual([
      ['rightIndex', 'notMatched'],
      ['leftIndex', 'notMatched'],
      ['rightIndex', 'notMatched'],
      ['leftIndex', 'notMatched'],
      'waived',
    ]);
    const words = readJournal(terminal.stack.dataDir).rows.filter(
      ({ event }) => event.kind === 'staff.actDecided',
    );
    expect(words.map(({ event }) => event)).toMatchObject([
      {
        act: {
          action: 'waiveHolderCheck',
          attemptId: terminal.settled(approved.requestId).at(-1)?.attemptId,
        },
        personId: expect.stringMatching(/^[a-z]+_[A-Z2-7]{16}$/),
        channel: 'commandLine',
      },
    ]);
  });

  it('is held back where nobody vouches for whoever stands there: no code opens it again, and two people decide at the desk', async () => {
    const { approved } = await lostByRecorded();
    const { requestId } = approved;
    const before = await terminal.now();
    const impostor = await terminal.citizen();
    await impostor.comeByCode(approved);
    await impostor.press({ kind: 'confirmPrint' }, 'printing');
    await impostor.see('placeFinger', PATIENCE_MS);
    await put('somebody else', 'rightIndex');
    const { screen, problem } = await impostor.see('result', PRINT_MS);
    expect(screen).toMatchObject({
      outcome: 'spoiled',
      cardKept: 'heldBack',
      codeStillCounts: false,
      codeUsed: false,
    });
    expect(problem?.code).toBe('holderNotMatched');
    expectSentence('holderNotMatched');
    await impostor.leave();
    const moved = await terminal.movedSince(before);
    expect(moved).toContain('cardRejected');
    expect(moved).not.toContain('cardPresented');
    await terminal.untilRequest(requestId, 'perluPeriksa');
    expect(checked(requestId).at(-1)).toBe('notMatched');
    expect(await terminal.disagreements()).toEqual([]);

    // With the same code and four more fingers.
    const since = await terminal.now();
    await impostor.see('welcome');
    await impostor.scan(approved.collectionCode);
    await impostor.see('enterPrintCode');
    const { printCode } = approved;
    const list = await impostor.press({ kind: 'submitPrintCode', printCode }, 'chooseDocument');
    expect(list.problem?.code).toBe('waitsForOfficer');
    expect(list.screen.documents).toMatchObject([{ unavailable: 'notReady' }]);
    await impostor.leave();
    expect(await terminal.movedSince(since)).toEqual([]);

    const items = async () =>
      z.array(staffItemSchema).parse(JSON.parse((await as('Tono', 'staff', 'items')).stdout));
    const [item, ...others] = await items();
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      requestId,
      state: 'heldBack',
      outcome: 'spoiled',
      faultCode: 'holderNotMatched',
      blank: { place: 'void' },
      closesCardPath: false,
      people: 2,
      choices: ['handedOver', 'destroyed'],
    });
    // The holder comes with proof, and the desk takes the card out of the bin for them.
    const { attemptId = '' } = item ?? {};
    const proposed = await as('Tono', 'staff', 'resolve', attemptId, '--as', 'handedOver');
    const { proposal } = z.object({ proposal: proposalSchema }).parse(JSON.parse(proposed.stdout));
    await terminal.untilRequest(requestId, 'perluPeriksa');
    const yes = ['approve', proposal.proposalId, '--digest', proposal.digest];
    expect((await as('Tono', ...yes)).status).toBe(1);
    expect(await as('Sari', ...yes)).toMatchObject({ status: 0, stderr: '' });
    await terminal.untilRequest(requestId, 'diserahkan');
    expect(await items()).toEqual([]);
    const { rows, blanks } = readJournal(terminal.stack.dataDir);
    const resolved = rows.filter(({ event }) => event.kind === 'attempt.resolved');
    expect(resolved.map(({ event }) => event)).toMatchObject([
      { attemptId, choice: 'handedOver', outcome: 'delivered', evidence: 'staffSaw' },
    ]);
    expect(blanks.find(({ serial }) => serial === item?.blank?.serial)?.state).toBe('issued');
  });

  it('leaves nothing of a finger on the terminal’s disk or in its log', async () => {
    await terminal.untilOwesNothing();
    expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);
  });
});
