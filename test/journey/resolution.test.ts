import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { proposalSchema, staffItemSchema, type StaffItem } from '../../src/rpc/staff.ts';
import { PATIENCE_MS, type Citizen } from './support/citizen.ts';
import { ConsoleVisitor, FIRST_PASSWORD, PASSWORD } from './support/console-visitor.ts';
import { foundInClear } from './support/in-clear.ts';
import { readJournal } from './support/journal-file.ts';
import { anjunganOf, type Ran } from './support/processes.ts';
import { JOURNEY_MS, Terminal } from './support/terminal.ts';

jest.setTimeout(JOURNEY_MS);

let terminal: Terminal;
beforeAll(async () => {
  terminal = await Terminal.start();
});
afterAll(() => terminal.stop());

const as = (name: string, ...args: string[]): Promise<Ran> =>
  anjunganOf(terminal.stack.dataDir, { name, password: PASSWORD }, ...args);

/** The administrator knows the first password, which therefore says no yes. */
async function chooseOwnPassword(name: string): Promise<void> {
  const words = { name, password: `${FIRST_PASSWORD}\n${PASSWORD}` };
  const chosen = await anjunganOf(terminal.stack.dataDir, words, 'staff', 'password');
  expect(chosen).toMatchObject({ status: 0, stderr: '' });
}

async function itemsSeenBy(name: string, password = PASSWORD): Promise<readonly StaffItem[]> {
  const { dataDir } = terminal.stack;
  const { stdout } = await anjunganOf(dataDir, { name, password }, 'staff', 'items');
  return z.array(staffItemSchema).parse(JSON.parse(stdout));
}

/** Waits for the welcome to say whether a KTP-el can be printed. */
const offered = (citizen: Citizen, unavailable: 'outcomeUnresolved' | null): Promise<unknown> =>
  citizen.client.until(
    ({ screen }) =>
      screen.name === 'welcome' &&
      screen.documents.some((d) => d.documentKind === 'ktpEl' && d.unavailable === unavailable),
    PATIENCE_MS,
  );

it('a card jammed at the exit waits for two people, one at the cabinet and one at the office, and then cards are printed again', async () => {
  const { stack } = terminal;
  const office = new ConsoleVisitor(stack.core.endpoints.console);
  await office.setUp(stack.core.endpoints.setupSecretFile);
  await office.makeAccount('Tono', 'technician');
  await office.makeAccount('Sari', 'supervisor');
  const citizen = await terminal.citizen();

  const approved = await terminal.lostKtp();
  const jam = { step: 'present', fault: 'jam', when: 'after' };
  await stack.panel.post('/api/card-printer/fault', jam);
  await citizen.comeByCode(approved);
  expect((await citizen.print()).screen).toMatchObject({ outcome: 'uncertain' });
  await citizen.leave();
  await terminal.untilRequest(approved.requestId, 'perluPeriksa');
  await offered(citizen, 'outcomeUnresolved');

  // The technician opens the printer, finds the card and puts it into the reject bin.
  await stack.panel.post('/api/card-printer/clear-jam', {});
  const [item, ...others] = await itemsSeenBy('Tono', FIRST_PASSWORD);
  expect(others).toEqual([]);
  expect(item).toMatchObject({
    requestId: approved.requestId,
    state: 'unresolved',
    closesCardPath: true,
    people: 2,
    blank: { place: 'unresolved' },
    sensors: { media: 'jammed' },
  });
  const attemptId = item?.attemptId ?? '';
  const resolve = ['staff', 'resolve', attemptId, '--as', 'foundInBin'];
  const known = { name: 'Tono', password: FIRST_PASSWORD };
  const early = await anjunganOf(stack.dataDir, known, ...resolve);
  expect(JSON.parse(early.stdout)).toEqual({ error: { kind: 'passwordNotOwn' } });
  await chooseOwnPassword('Tono');
  const proposed = await as('Tono', ...resolve);
  expect(proposed.status).toBe(0);
  const { proposal } = z.object({ proposal: proposalSchema }).parse(JSON.parse(proposed.stdout));
  const yes = ['approve', proposal.proposalId, '--digest', proposal.digest];
  const alone = await as('Tono', ...yes);
  expect([alone.status, JSON.parse(alone.stdout)]).toEqual([1, { error: { kind: 'samePerson' } }]);
  const administrator = await as('Siti Aminah', ...yes);
  expect(administrator.status).toBe(1);
  await offered(citizen, 'outcomeUnresolved');

  // At the office a supervisor reads what is proposed, and says yes to that.
  await office.signIn('Sari', FIRST_PASSWORD);
  await office.choosePassword();
  const [shown] = await office.proposals();
  expect(shown).toMatchObject({ act: { attemptId, choice: 'foundInBin' }, proposedBy: 'Tono' });
  if (shown === undefined) throw new Error('the office sees no proposal');
  await office.agree(shown);

  await offered(citizen, null);
  await terminal.untilRequest(approved.requestId, 'siapCetak');
  expect(await itemsSeenBy('Tono')).toEqual([]);
  const journal = readJournal(stack.dataDir);
  const events = (kind: string) =>
    journal.rows.flatMap(({ event }) => (event.kind === kind ? [event] : []));
  expect(events('attempt.resolved')).toMatchObject([
    { attemptId, choice: 'foundInBin', outcome: 'spoiled', evidence: 'staffSaw' },
  ]);
  expect(events('staff.actProposed')).toMatchObject([{ channel: 'commandLine' }]);
  expect(events('staff.actApproved')).toMatchObject([{ channel: 'staffPage' }]);
  const people = events('attempt.resolved').flatMap(({ by }) => by);
  expect(new Set(people).size).toBe(2);

  // The next citizen's card, and then the one that jammed.
  const next = await terminal.lostKtp();
  for (const one of [next, approved]) {
    await citizen.comeByCode(one);
    expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
    await citizen.leave();
    await terminal.untilRequest(one.requestId, 'diserahkan');
  }
  expect(await terminal.disagreements()).toEqual([]);
});

it('leaves no password and nothing of the citizens readable on the disk or in the log', () => {
  const secrets = new Set([...terminal.secrets, PASSWORD, FIRST_PASSWORD]);
  expect(foundInClear(terminal.stack, secrets)).toEqual([]);
});
