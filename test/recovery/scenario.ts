import { profiles, type Profile } from '../../drivers/simulated-card-printer/profiles.ts';
import type {
  CardPrinterFault,
  CardPrinterStep,
} from '../../drivers/simulated-card-printer/faults.ts';
import * as z from 'zod';
import { outcomeSchema, type Outcome } from '../../src/domain/attempt.ts';
import type { ListedRequest } from '../../src/domain/request.ts';
import type { Fingerprint } from '../../src/registry/ports.ts';
import { Bench, type Core, type CoreOptions } from '../issuance/bench.ts';
import { FakeFingerSensor, type decided } from '../issuance/fake-finger-sensor.ts';
import { Life } from '../issuance/mortal.ts';
import { isStillOwed } from './owed.ts';

/** What is printed, with which fault on the way, and what the citizen does while core is away. */
export interface Scenario {
  readonly request: ListedRequest;
  readonly profile?: Profile;
  readonly strike?: readonly [CardPrinterStep, CardPrinterFault, 'before' | 'after'];
  readonly collects: boolean;
  /** The card at the exit is taken while core is down. */
  readonly takesWhileDown: boolean;
  /** One of the holder's, whose check comes to this, one ask after another, in each run of core. */
  readonly holder?: {
    readonly finger: Fingerprint;
    readonly asked: readonly ReturnType<typeof decided>[];
  };
  readonly options?: CoreOptions;
}

export interface CrashRun {
  readonly points: readonly string[];
  /** What the first session was told; null where core died before it could say. */
  readonly endedAs: Outcome | null;
  /** Empty when every promise held. */
  readonly violations: readonly string[];
}

/**
 * One run of the scenario with a death at the k-th point, a restart, and one more try by the same
 * citizen. Judged by the cabinet's own record alone.
 */
export async function crashAt(k: number, scenario: Scenario): Promise<CrashRun> {
  const bench = await Bench.open(scenario.profile ?? profiles.full);
  const violations: string[] = [];
  try {
    const { request, holder, options } = scenario;
    if (holder !== undefined) bench.registry.fingerprints = [holder.finger];
    if (request.oldCard === 'toBeCapturedHere') {
      bench.registry.misorder = (order) => ({ ...order, oldCard: 'toBeCapturedHere' });
    }
    const setUp = await bench.start();
    await bench.kill(setUp);
    const life = new Life(k);
    const first = await bench.start({ ...options, life, ...sensorOf(scenario, life) });
    if (scenario.strike !== undefined) bench.cabinet.strike(...scenario.strike);
    let endedAs: Outcome | null = null;
    const whole = first.issuance.recover().then(() => {
      first.outbox.start();
      bench.cabinet.oldCards.held = request.oldCard === 'toBeCapturedHere';
      return session(bench, first, scenario).then((outcome) => {
        endedAs = outcome;
      });
    });
    await Promise.race([whole, life.ended]);
    // Whatever the old process had under way at that moment has ended before the next one starts.
    await new Promise((resolve) => setImmediate(resolve));
    await bench.kill(first);
    violations.push(...(await afterDeath(bench, scenario)));
    return { points: life.points, endedAs, violations };
  } finally {
    await bench.close();
  }
}

/** A restart, one more try by the same citizen, and what of the promises does not hold then. */
export async function afterDeath(bench: Bench, scenario: Scenario): Promise<string[]> {
  const { request, options } = scenario;
  const violations: string[] = [];
  if (scenario.takesWhileDown && bench.cabinet.parts.exit !== null) bench.cabinet.hands.takeCard();
  const commandsBefore = bench.cabinet.commands.length;
  const life = new Life();
  const second = await bench.restart({ ...options, life, ...sensorOf(scenario, life) });
  const inRecovery = bench.cabinet.commands.slice(commandsBefore);
  const forbidden = inRecovery.filter((name) =>
    /^(feedBlank|printSide|presentCard|printPdf)$/.test(name),
  );
  if (forbidden.length > 0) violations.push(`recovery gave ${forbidden.join(', ')}`);
  await second.outbox.idle();
  if (second.book.unsettled().length > 0) violations.push('an attempt is left unsettled');
  bench.cabinet.oldCards.held = request.oldCard === 'toBeCapturedHere';
  const earlier = attemptsOf(second);
  // A card that waits in the bin for its holder is for people to decide.
  const owed =
    earlier.every(({ state }) => state !== 'heldBack') &&
    isStillOwed(earlier.map(({ outcome }) => outcome));
  const { settlement } = await bench.print(second, request, (progress) =>
    bench.takeWhenPresented(progress),
  );
  await second.outbox.idle();
  if (everySensorTells(scenario)) {
    if (uncertainCards(second) > 0) {
      violations.push('a card is uncertain that every sensor can tell of');
    }
    if (owed && settlement.outcome !== 'delivered') {
      violations.push(`the citizen's codes counted, and the next try ended ${settlement.outcome}`);
    }
  }
  return [...violations, ...brokenPromises(bench, second, request)];
}

/** The sensor of one run of core, which may die between asking for a finger and hearing of it. */
function sensorOf({ holder }: Scenario, life: Life): Pick<CoreOptions, 'fingerSensor'> {
  if (holder === undefined) return {};
  const { proxy } = new FakeFingerSensor(...holder.asked);
  const lend: typeof proxy.lend = (...asked) =>
    life.step('finger asked', () => proxy.lend(...asked));
  return { fingerSensor: { ...proxy, lend } };
}

/** "Always uncertain" would be safe and useless: with every sensor and no fault nothing is left open. */
const everySensorTells = ({ profile = profiles.full, strike, request }: Scenario): boolean =>
  profile === profiles.full && strike === undefined && request.documentKind !== 'kk';

/** The citizen's session, from the order to what the screen is told. */
export async function session(
  bench: Bench,
  core: Core,
  { request, collects }: Scenario,
): Promise<Outcome> {
  const { settlement } = await bench.print(core, request, (progress) => {
    if (collects) bench.takeWhenPresented(progress);
    else if (progress.kind === 'presented' || progress.kind === 'takeReminder') bench.later(30_000);
  });
  return settlement.outcome;
}

/** The promises, held against what physically happened. */
function brokenPromises(bench: Bench, core: Core, request: ListedRequest): string[] {
  const { cabinet, registry } = bench;
  const broken: string[] = [];
  const known = registry.requests.get(request.requestId);
  const { firstBreak } = core.journal.verify();
  if (firstBreak !== null) broken.push(`the record breaks at ${firstBreak.seq}`);
  broken.push(...registryErrors(bench, core, request));
  if (request.documentKind === 'kk') return [...broken, ...paperErrors(bench, core)];
  if (cabinet.out.length > 1) broken.push(`${cabinet.out.length} originals are out`);
  if (
    cabinet.out.length === 1 &&
    known?.state !== 'diserahkan' &&
    known?.state !== 'perluPeriksa'
  ) {
    broken.push(`an original is out while the registry says ${known?.state ?? 'nothing'}`);
  }
  const overprinted = cabinet.moves.some((move) => move.type === 'sidePrinted' && move.overprint);
  if (overprinted) broken.push('a card was printed on twice');
  const balance = core.stock.balance();
  if (balance.difference !== 0) broken.push(`the ledger differs by ${balance.difference}`);
  broken.push(...ledgerErrors(bench, core));
  return broken;
}

const attemptRow = z.object({
  attemptId: z.string(),
  requestId: z.string(),
  state: z.string(),
  outcome: outcomeSchema.nullable(),
});

/** Every attempt on record, oldest first. */
const attemptsOf = (core: Core) =>
  core.journal.reader.all(
    attemptRow,
    `SELECT attempt_id AS attemptId, request_id AS requestId, state, outcome FROM attempts
     ORDER BY opened_seq`,
  );

/** Where the registry has a request after the newest attempt of it that moved anything. */
const REGISTRY_SAYS: Readonly<Record<Outcome, readonly string[]>> = {
  delivered: ['diserahkan'],
  notPrinted: ['siapCetak'],
  spoiled: ['siapCetak', 'gagalCetak'],
  retracted: ['takDiambil'],
  uncertain: ['perluPeriksa'],
};

function registryErrors({ registry }: Bench, core: Core, { requestId, ...kind }: ListedRequest) {
  // A try that the registry refuses comes to nothing, and changes nothing there.
  const newest = attemptsOf(core).findLast(
    (attempt) => attempt.requestId === requestId && attempt.outcome !== 'notPrinted',
  );
  const outcome = newest?.outcome ?? 'notPrinted';
  const state = registry.requests.get(requestId)?.state ?? 'nothing';
  // Paper in doubt may be printed again by the same citizen.
  const repeatable = kind.documentKind === 'kk' && outcome === 'uncertain' ? ['siapCetak'] : [];
  // A card that is made and waits in the bin for its holder: no other is printed until people decide.
  const says = newest?.state === 'heldBack' ? ['perluPeriksa'] : REGISTRY_SAYS[outcome];
  const fits = [...says, ...repeatable].includes(state);
  return fits ? [] : [`the registry says ${state} after ${outcome}`];
}

/** One job an attempt at most, and what became of it is what the record says or leaves open. */
function paperErrors({ cabinet }: Bench, core: Core): string[] {
  const named = (attemptId: string): number =>
    cabinet.pages.jobs.filter(({ reasons }) => reasons.includes(`job-named-${attemptId}`)).length;
  return attemptsOf(core).flatMap(({ attemptId, outcome }) => {
    const jobs = named(attemptId);
    if (jobs > 1) return [`${attemptId} sent ${jobs} jobs`];
    if (jobs === 1 && outcome === 'notPrinted')
      return [`${attemptId} printed, on record it did not`];
    if (jobs === 0 && outcome === 'delivered')
      return [`${attemptId} is delivered, and sent nothing`];
    return [];
  });
}

/** Card attempts that nobody can tell the end of. */
const uncertainCards = (core: Core): number =>
  attemptsOf(core).filter(({ outcome }) => outcome === 'uncertain').length;

/** Each fate in the ledger is where the card really is; `unresolved` claims nothing. */
function ledgerErrors({ cabinet }: Bench, core: Core): string[] {
  const { parts } = cabinet;
  const serials = (cards: readonly { readonly serial: string }[]): Set<string> =>
    new Set(cards.map(({ serial }) => serial));
  const feeders = serials(parts.feeders.flatMap(({ blanks }) => blanks));
  const rejected = serials(parts.rejectBin);
  const retracted = serials(parts.retractBin);
  const out = new Set(cabinet.out);
  const all = ['KTP', 'KIA'].flatMap((kind) =>
    Array.from({ length: 6 }, (_, index) => `${kind}-000${index + 1}`),
  );
  return all.flatMap((serial) => {
    const place = core.stock.find(serial)?.place;
    const really = feeders.has(serial)
      ? 'inFeeder'
      : rejected.has(serial)
        ? 'void'
        : retracted.has(serial)
          ? 'retracted'
          : out.has(serial)
            ? 'issued'
            : 'elsewhere';
    return place === 'unresolved' || place === really
      ? []
      : [`${serial} is ${really}, not ${place ?? 'known'}`];
  });
}
