import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Journal } from '../../src/journal/journal.ts';
import { checkStates } from '../../src/journal/projections/state-check.ts';
import { journalThrough } from '../journal/journal-through.ts';
import { StaffPair } from '../recovery/soak/people.ts';
import { Bench, requestOf, type Core } from './bench.ts';

const kia = requestOf('kia');
const noDoor = Promise.resolve();

let bench: Bench;
let core: Core;
let people: StaffPair;
/** What commits wait for, but for the first `free` of them. */
let door: Promise<unknown> = noDoor;
let free = 0;
let someoneWaits = Promise.withResolvers();

const behindTheDoor = (journal: Journal): Journal =>
  journalThrough(journal, async (commit) => {
    if (door !== noDoor) {
      if (free > 0) free -= 1;
      else {
        someoneWaits.resolve(undefined);
        await door;
      }
    }
    await commit();
  });

/** The second commit of each is asked for before that of the other is made. */
async function beside(first: () => Promise<void>, second: () => Promise<void>): Promise<void> {
  const opened = Promise.withResolvers();
  door = opened.promise;
  const begun: Promise<void>[] = [];
  for (const act of [first, second]) {
    free = 1;
    someoneWaits = Promise.withResolvers();
    begun.push(act());
    await someoneWaits.promise;
  }
  door = noDoor;
  opened.resolve(undefined);
  await Promise.all(begun);
}

const answer = async (): Promise<void> => {
  core.outbox.tryNow();
  await core.outbox.idle();
};

beforeEach(async () => {
  door = noDoor;
  bench = await Bench.open();
  core = await bench.restart({ journal: behindTheDoor });
  bench.cabinet.strike('present', 'jam', 'after');
  bench.registry.answersReports = false;
  const { settlement } = await bench.print(core, kia);
  expect(settlement.outcome).toBe('uncertain');
  bench.cabinet.hands.clearJam();
  bench.registry.answersReports = true;
  bench.registry.denies = true;
  people = await StaffPair.of({ ...core, journal: behindTheDoor(core.journal) }, bench.clock);
});
afterEach(async () => {
  people.close();
  await bench.close();
});

describe('a registry that denies the reservation in the moment in which people decide the card', () => {
  const decide = async (): Promise<void> => {
    const [open] = core.book.forPeople();
    if (open === undefined) throw new Error('nothing waits for people');
    const { attemptId } = open;
    const act = { action: 'resolveCard', attemptId, choice: 'citizenHolds' } as const;
    expect(await people.act(act)).toBeNull();
  };
  const state = (): string | undefined => core.book.forPeople()[0]?.state;

  it('is heard first: what people decide is the case as it then is', async () => {
    await beside(answer, decide);
    expect(state()).toBeUndefined();
    expect(checkStates(core.journal.reader)).toBeNull();
  });

  it('is heard after them: the case comes back to people, and what they saw is on record', async () => {
    await beside(decide, answer);
    expect(state()).toBe('needsReview');
    expect(core.stock.find('KIA-0001')?.place).toBe('issued');
    expect(checkStates(core.journal.reader)).toBeNull();
  });
});
