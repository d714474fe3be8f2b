import type {
  CardPrinterFault,
  CardPrinterStep,
} from '../../drivers/simulated-card-printer/faults.ts';
import type { Profile } from '../../drivers/simulated-card-printer/profiles.ts';
import { unsettledTestCards } from '../../src/issuance/test-card/test-card-book.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { Bench, type Core } from '../issuance/bench.ts';
import { Life } from '../issuance/mortal.ts';
import { orderTestCard, testCardsOf } from '../issuance/test-card-bench.ts';

export interface TestCardScenario {
  readonly profile?: Profile;
  readonly strike?: readonly [CardPrinterStep, CardPrinterFault, 'before' | 'after'];
  readonly altered?: (journal: Journal) => Journal;
}

/** Dies at every point of a test card, restarts, and says what of the promises does not hold then. */
export async function testCardViolations(
  scenario: TestCardScenario,
): Promise<{ readonly points: readonly string[]; readonly violations: readonly string[] }> {
  const { points, violations } = await crashTestCardAt(Number.POSITIVE_INFINITY, scenario);
  const found = violations.map((text) => `whole: ${text}`);
  for (let k = 0; k < points.length; k += 1) {
    const run = await crashTestCardAt(k, scenario);
    found.push(...run.violations.map((text) => `${points[k] ?? k}: ${text}`));
  }
  return { points, violations: found };
}

/** One run that dies at the k-th point, and the restart after it. */
export async function crashTestCardAt(
  k: number,
  { profile, strike, altered }: TestCardScenario,
): ReturnType<typeof testCardViolations> {
  const bench = await Bench.open(profile);
  try {
    const life = new Life(k);
    const first = await bench.start({ life });
    const id = await orderTestCard(first, 'ktp');
    if (strike !== undefined) bench.cabinet.strike(...strike);
    const changes = altered === undefined ? {} : { altered };
    const cards = testCardsOf(bench, first, changes);
    await Promise.race([cards.print(id), life.ended]);
    await new Promise((resolve) => setImmediate(resolve));
    await bench.kill(first);
    bench.cabinet.disarm();
    const commandsBefore = bench.cabinet.commands.length;
    const second = await bench.start();
    await testCardsOf(bench, second, changes).recover();
    await second.issuance.recover();
    const again = bench.cabinet.commands
      .slice(commandsBefore)
      .filter((name) => /^(feedBlank|printSide|presentCard|retractCard)$/.test(name));
    return {
      points: life.points,
      violations: [
        ...again.map((name) => `recovery gave ${name}`),
        ...brokenPromises(bench, second),
      ],
    };
  } finally {
    await bench.close();
  }
}

/** The promises, held against where every card physically is. */
function brokenPromises({ cabinet }: Bench, core: Core): string[] {
  const { journal, stock, issuance } = core;
  const { parts } = cabinet;
  const broken: string[] = [];
  if (cabinet.out.length > 0) broken.push('a test card is within reach');
  if (unsettledTestCards(journal.reader).length > 0) broken.push('one is left unsettled');
  if (stock.balance().difference !== 0) broken.push('the ledger does not balance');
  for (let index = 1; index <= 6; index += 1) {
    const serial = `KTP-000${index}`;
    const inBin = parts.rejectBin.find((card) => card.serial === serial);
    const inFeeder = parts.feeders.some(({ blanks }) =>
      blanks.some((card) => card.serial === serial),
    );
    const really = inFeeder
      ? ['inFeeder']
      : inBin === undefined
        ? []
        : [...(inBin.front === 'printed' ? ['test'] : []), 'void'];
    const place = stock.find(serial)?.place ?? 'unknown';
    if (place !== 'unresolved' && !really.includes(place)) {
      broken.push(`${serial} is ${really[0] ?? 'elsewhere'}, not ${place}`);
    }
    if (place === 'unresolved' && issuance.availability().ktpEl.available) {
      broken.push(`${serial} is unresolved while cards are printed`);
    }
  }
  const { firstBreak } = journal.verify();
  if (firstBreak !== null) broken.push(`the record breaks at ${firstBreak.seq}`);
  return broken;
}
