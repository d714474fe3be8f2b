import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { proposalSchema } from '../../src/rpc/staff.ts';
import { ConsoleVisitor, FIRST_PASSWORD, PASSWORD } from './support/console-visitor.ts';
import { readJournal } from './support/journal-file.ts';
import { movedSince, ofStock, recordLength, untilMoved } from './support/physical-record.ts';
import { anjungan, anjunganOf, type Ran } from './support/processes.ts';
import { JOURNEY_MS, Terminal } from './support/terminal.ts';
import { untilHolds } from './support/waiting.ts';

jest.setTimeout(JOURNEY_MS);

let terminal: Terminal;
beforeAll(async () => {
  terminal = await Terminal.start();
});
afterAll(() => terminal.stop());

const as = (name: string, ...args: string[]): Promise<Ran> =>
  anjunganOf(terminal.stack.dataDir, { name, password: PASSWORD }, ...args);

it('two technicians order a test card at the command line, and it falls into the reject bin with a citizen served after it', async () => {
  const { stack } = terminal;
  const desk = new ConsoleVisitor(stack.core.endpoints.console);
  await desk.setUp(stack.core.endpoints.setupSecretFile);
  for (const name of ['Tono', 'Wati']) {
    await desk.makeAccount(name, 'technician');
    const words = { name, password: `${FIRST_PASSWORD}\n${PASSWORD}` };
    expect(await anjunganOf(stack.dataDir, words, 'staff', 'password')).toMatchObject({
      status: 0,
    });
  }
  const before = await recordLength(stack);

  // While a citizen stands there nobody may order one.
  const citizen = await terminal.citizen();
  const approved = await terminal.lostKtp();
  await citizen.comeByCode(approved);
  const early = await as('Tono', 'stock', 'test-card', '--feeder', 'ktp');
  expect([early.status, JSON.parse(early.stdout)]).toEqual([
    1,
    { error: { kind: 'notPossible', reason: 'sessionUnderWay' } },
  ]);
  expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
  await citizen.leave();
  const served = await recordLength(stack);

  const proposed = await untilHolds(
    () => as('Tono', 'stock', 'test-card', '--feeder', 'ktp'),
    ({ status }) => status === 0,
    60_000,
  );
  const { proposal } = z.object({ proposal: proposalSchema }).parse(JSON.parse(proposed.stdout));
  expect(ofStock(await movedSince(stack, served))).toEqual([]);
  const done = await as('Wati', 'approve', proposal.proposalId, '--digest', proposal.digest);
  expect(done.status).toBe(0);
  await untilMoved(stack, served, ['cardRejected']);
  const moves = ofStock(await movedSince(stack, served));
  expect(moves.map(({ type }) => type)).toEqual(['blankFed', 'sidePrinted', 'cardRejected']);
  expect(before).toBeLessThan(served);

  const report = await untilHolds(
    () => anjungan(stack.dataDir, 'stock', 'test-cards'),
    ({ stdout }) => !stdout.includes('on its way'),
    60_000,
  );
  expect(report.status).toBe(0);
  expect(report.stdout).toMatch(/Printed on blank \S+; it lies in the reject bin\./);
  const { rows, blanks } = readJournal(stack.dataDir);
  expect(blanks.filter(({ state }) => state === 'test')).toHaveLength(1);
  const intents = rows.filter(({ event }) => event.kind === 'testCard.commanded');
  moves.forEach(({ at }, index) => expect(intents[index]?.at).toBeLessThanOrEqual(at));
  expect(intents).toHaveLength(3);
  expect((await anjungan(stack.dataDir, 'stock', 'balance')).status).toBe(0);

  const next = await terminal.lostKtp();
  await citizen.comeByCode(next);
  expect((await citizen.print()).screen).toMatchObject({ outcome: 'delivered' });
  await citizen.leave();
});

it('a core that is stopped while the process of the documents runs comes to the end of its record', async () => {
  const { stack } = terminal;
  const citizen = await terminal.citizen();
  await citizen.comeByCode(await terminal.lostKtp());
  await stack.stopCore();
  expect(readJournal(stack.dataDir).rows.at(-1)?.event.kind).toBe('core.stopped');
});
