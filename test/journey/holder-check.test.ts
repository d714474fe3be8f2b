import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { simulatedReference } from '../../drivers/biometric/simulated-template.ts';
import type { Approved } from '../../scripts/stack/resident.ts';
import { byHand } from '../drivers/biometric/by-hand.ts';
import { PATIENCE_MS } from './support/citizen.ts';
import { ConsoleVisitor, FIRST_PASSWORD, PASSWORD } from './support/console-visitor.ts';
import { foundInClear } from './support/in-clear.ts';
import { readJournal } from './support/journal-file.ts';
import { anjunganOf } from './support/processes.ts';
import { expectSentence } from './support/sentences.ts';
import { untilHolds } from './support/waiting.ts';
import { JOURNEY_MS, Terminal } from './support/terminal.ts';

jest.setTimeout(JOURNEY_MS);

let terminal: Terminal;

beforeAll(async () => {
  terminal = await Terminal.start({ fingerSensor: true });
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
    const office = new ConsoleVisitor(terminal.stack.core.endpoints.console);
    await office.setUp(terminal.stack.core.endpoints.setupSecretFile);
    await office.makeAccount('Sari', 'supervisor');
    await office.makeAccount('Tono', 'technician');
    const { dataDir } = terminal.stack;
    for (const name of ['Sari', 'Tono']) {
      const words = { name, password: `${FIRST_PASSWORD}\n${PASSWORD}` };
      expect((await anjunganOf(dataDir, words, 'staff', 'password')).status).toBe(0);
    }
    const waive = (name: string) =>
      anjunganOf(dataDir, { name, password: PASSWORD }, 'staff', 'waive');
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
    const words = readJournal(dataDir).rows.filter(
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

  it('leaves nothing of a finger on the terminal’s disk or in its log', async () => {
    await terminal.untilOwesNothing();
    expect(foundInClear(terminal.stack, terminal.secrets)).toEqual([]);
  });
});
