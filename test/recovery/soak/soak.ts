import type { DocumentKind } from '../../../src/domain/document.ts';
import { SeededRandom } from '../../../src/registry/reference/people/random.ts';
import { kiaOf, ktpElOf } from '../../documents/sample-people.ts';
import { requestOf } from '../../issuance/bench.ts';
import { Between } from './between.ts';
import { visit } from './citizen.ts';
import { brokenBars, sampleOf, type Costs, type Sample } from './figures.ts';
import { brokenPromises, Moved, oversteppedBy } from './promises.ts';
import { slopeOf } from './slope.ts';
import { shortTimelines } from './timelines.ts';
import { OLD_CARD_UID, SoakTerminal } from './terminal.ts';
import { drawTroubles, wishes, type Troubles, type Wish } from './troubles.ts';

export interface SoakFigures extends Costs {
  readonly restarts: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly decided: Readonly<Record<string, number>>;
  readonly heapBytesASession: number;
  readonly handles: readonly [number, number];
  readonly timers: readonly [number, number];
}

export interface SoakRun {
  readonly points: number;
  readonly violations: readonly string[];
  readonly notes: readonly string[];
  readonly figures: SoakFigures;
}

/** Steps that a run of core lives: some thirty sessions on average. */
const LIVES = [20, 2_000] as const;

/** Runs the sessions; `say` gets a line for each thousand and for each violation. */
export async function soak(
  sessions: number,
  seed: number,
  say: (line: string) => void = () => undefined,
): Promise<SoakRun> {
  const dice = new SeededRandom(seed);
  const terminal = await SoakTerminal.open();
  const between = new Between(terminal);
  const violations: string[] = [];
  const broke = (found: readonly string[]): void => {
    violations.push(...found);
    for (const one of found) say(one);
  };
  const samples: Sample[] = [];
  const outcomes: Record<string, number> = {};
  let restarts = 0;
  let open: { wish: Wish; requestId: string; moved: Moved } | null = null;
  const revive = async (found: string[]): Promise<void> => {
    while (terminal.core.life.isOver) {
      await terminal.kill();
      restarts += 1;
      found.push(...(await restart(terminal, dice)));
      await calm(terminal);
    }
  };
  const sampleEvery = Math.max(1, Math.floor(sessions / 200));
  await terminal.start(dice.whole(...LIVES));
  try {
    for (let session = 1; session <= sessions; session += 1) {
      const troubles = drawTroubles(dice);
      open ??= { ...newRequest(terminal, dice.pick(wishes), session), moved: new Moved() };
      const { requestId, moved, wish } = open;
      const found: string[] = [...(await between.tend(moved.serials.size === 0))];
      // It asks the devices, and core may die over that too: nobody would ever be told.
      await Promise.race([terminal.tellService(), terminal.core.life.ended]);
      await Promise.race([terminal.core.beside.lookAtDevices(), terminal.core.life.ended]);
      prepare(terminal, troubles, wish);
      const end = await visit(terminal, troubles);
      if (end === 'died') {
        await terminal.kill();
        if (troubles.takesWhileDown) terminal.bench.cabinet.hands.takeCard();
        restarts += 1;
        found.push(...(await restart(terminal, dice)));
      }
      await calm(terminal);
      await revive(found);
      await Promise.race([terminal.core.beside.lookAtDevices(), terminal.core.life.ended]);
      moved.take(terminal.bench.cabinet.moves);
      found.push(...(await between.settle(moved)));
      await Promise.race([terminal.core.outbox.idle(), terminal.core.life.ended]);
      // It may have died over what people decided: the registry hears of that all the same.
      await revive(found);
      found.push(...brokenPromises(terminal, requestId, moved));
      const told = JSON.stringify({ end, wish, ...troubles });
      broke(found.map((text) => `session ${session}: ${text}; ${told}`));
      const state = terminal.bench.registry.requests.get(requestId)?.state ?? 'unknown';
      outcomes[state] = (outcomes[state] ?? 0) + 1;
      if (state !== 'siapCetak' || dice.chance(0.5)) {
        terminal.bench.registry.forget(requestId);
        open = null;
      }
      if (session % sampleEvery === 0) {
        samples.push(
          sampleOf(session, {
            timers: terminal.bench.clock.pending,
            databaseBytes: terminal.databaseBytes(),
          }),
        );
      }
      if (session % 1_000 === 0) {
        const at = samples.at(-1);
        say(
          `${session} sessions, ${restarts} restarts, ${violations.length} violations, rss ${mib(at?.rssBytes)} MiB, heap ${mib(at?.heapBytes)} MiB, database ${mib(at?.databaseBytes)} MiB, ${at?.descriptors ?? 0} descriptors, ${at?.timers ?? 0} timers`,
        );
      }
    }
    const { firstBreak } = terminal.core.journal.verify();
    if (firstBreak !== null) broke([`the record breaks at ${firstBreak.seq}`]);
    broke(shortTimelines(terminal.core.journal));
  } finally {
    await terminal.close();
  }
  const [first, last] = [samples[Math.floor(samples.length / 5)], samples.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no samples were taken');
  const figures: SoakFigures = {
    sessions,
    restarts,
    outcomes,
    decided: between.decided,
    rssBytesASession: slopeOf(samples, (one) => one.rssBytes),
    heapBytesASession: slopeOf(samples, (one) => one.heapBytes),
    descriptors: [first.descriptors, last.descriptors],
    handles: [first.handles, last.handles],
    timers: [first.timers, last.timers],
    databaseBytesASession: slopeOf(samples, (one) => one.databaseBytes),
  };
  broke(brokenBars(figures));
  return { points: sessions, violations, notes: [JSON.stringify(figures)], figures };
}

const mib = (bytes = 0): string => (bytes / 2 ** 20).toFixed(1);

function newRequest(terminal: SoakTerminal, wish: Wish, n: number) {
  const { registry } = terminal.bench;
  const requestId = `REQ-${n}`;
  const kind: DocumentKind = wish === 'replacement' ? 'ktpEl' : wish;
  const listed = requestOf(kind, {
    requestId,
    ...(wish === 'replacement'
      ? { oldCard: 'toBeCapturedHere', oldCardUid: OLD_CARD_UID, reason: 'damaged' }
      : {}),
  });
  switch (kind) {
    case 'ktpEl':
      registry.add(listed, { fields: ktpElOf() });
      break;
    case 'kia':
      registry.add(listed, { fields: kiaOf() });
      break;
    case 'kk':
      registry.add(listed, { pdf: Buffer.from('%PDF-1.7 SPESIMEN') });
  }
  terminal.wanted = requestId;
  return { wish, requestId };
}

/** Arms what the dice said; it strikes in the next session if it comes to it. */
function prepare(terminal: SoakTerminal, troubles: Troubles, wish: Wish): void {
  const { cabinet, registry } = terminal.bench;
  const { strike, silent, paperEnd } = troubles;
  if (strike !== null && wish !== 'kk') cabinet.strike(...strike);
  terminal.registryDown = troubles.registryDown;
  if (silent?.at === 'registry') {
    registry.interference.push({ call: silent.command, what: silent.what, times: silent.times });
  } else if (silent !== null) {
    cabinet.interfere({ ...silent, device: silent.at });
  }
  if (paperEnd === 'refused') cabinet.pages.refuseNext = true;
  if (paperEnd === 'jammed') cabinet.pages.nextEnd = { state: 'aborted', impressions: 1 };
}

/** Everything answers again, and what the registry is owed arrives. */
async function calm(terminal: SoakTerminal): Promise<void> {
  const { cabinet, clock } = terminal.bench;
  cabinet.disarm();
  cabinet.oldCards.faults.length = 0;
  cabinet.pages.refuseNext = false;
  cabinet.pages.nextEnd = null;
  cabinet.pages.jobs.splice(0, cabinet.pages.jobs.length - 3);
  cabinet.commands.length = 0;
  terminal.registryDown = false;
  const { core } = terminal;
  core.outbox.tryNow();
  await Promise.race([core.outbox.idle(), core.life.ended]);
  // Whatever a run that is over had set to fire finds nobody.
  clock.advance(600_000);
  await Promise.race([core.outbox.idle(), core.life.ended]);
}

async function restart(terminal: SoakTerminal, dice: SeededRandom): Promise<string[]> {
  const commanded = await terminal.start(dice.whole(...LIVES));
  return oversteppedBy(commanded);
}
