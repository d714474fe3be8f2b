import * as z from 'zod';
import { testCardEndSchema, type TestCardEnd } from '../../../src/journal/events/test-card.ts';
import { ConsoleVisitor, FIRST_PASSWORD } from '../../journey/support/console-visitor.ts';
import { readJournal, type JournalRow } from '../../journey/support/journal-file.ts';
import { untilHolds } from '../../journey/support/waiting.ts';
import type { World } from './world.ts';

const settled = z.object({ end: testCardEndSchema });

/** Two technicians, the first of this core, order a test card; completes with what became of it. Nobody stands there. */
export async function printTestCard({ core, dataDir }: World): Promise<TestCardEnd> {
  const { console: url, setupSecretFile } = core.endpoints;
  const administrator = new ConsoleVisitor(url);
  await administrator.setUp(setupSecretFile);
  const technician = async (name: string): Promise<ConsoleVisitor> => {
    await administrator.makeAccount(name, 'technician');
    const visitor = new ConsoleVisitor(url);
    await visitor.signIn(name, FIRST_PASSWORD);
    await visitor.choosePassword();
    return visitor;
  };
  const [one, other] = [await technician('Tono'), await technician('Wati')];
  await one.propose({ action: 'printTestCard', feeder: 'ktp' });
  for (const proposal of await other.proposals()) await other.agree(proposal);
  const isSettled = ({ event }: JournalRow): boolean => event.kind === 'testCard.settled';
  const row = await untilHolds(
    () => readJournal(dataDir).rows.find(isSettled),
    (found) => found !== undefined,
    60_000,
  );
  return settled.parse(row?.event).end;
}
