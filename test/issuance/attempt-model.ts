import type { CardCounters } from '../../drivers/contract/card-printer.ts';
import type { MediaPosition } from '../../drivers/contract/words.ts';
import type { Profile } from '../../drivers/simulated-card-printer/profiles.ts';
import type { AttemptState } from '../../src/domain/attempt.ts';
import { safeAfterRestart } from '../../src/issuance/attempt-machine.ts';
import type { Act, AttemptTable, Cause, StateRule } from '../../src/issuance/attempt-rule.ts';
import { controlledBlankTable, follow } from '../../src/issuance/attempt-table.ts';
import * as judge from '../../src/issuance/judge/judge-card.ts';
import type { CommandEnd, Scene } from '../../src/issuance/judge/judge-card.ts';

/** Where the blank of the attempt at hand physically is. */
type Place = 'feeder' | 'inside' | 'exit' | 'out' | 'rejected' | 'retracted';

interface Terminal {
  /** As committed; null while no attempt is open. */
  readonly state: AttemptState | null;
  readonly life: 'running' | 'dead' | 'recovering';
  readonly number: number;
  readonly place: Place;
  readonly inked: boolean;
  readonly jam: boolean;
  /** Counters since the last announcement that noted them. */
  readonly grown: CardCounters;
  readonly settled: boolean;
  readonly blocked: boolean;
  readonly owed: readonly string[];
}

export interface World {
  readonly terminals: readonly Terminal[];
  readonly registry: 'ready' | 'held' | 'done' | 'review';
  readonly holder: string | null;
  readonly originals: number;
  readonly crashesLeft: number;
}

export type Judges = typeof judge;

export interface Model {
  readonly profile: Profile;
  readonly terminals: number;
  readonly crashes: number;
  readonly attempts: number;
  readonly table?: AttemptTable;
  readonly judges?: Judges;
  /** States whose commit is left out: they are gone after a crash. */
  readonly forgotten?: ReadonlySet<AttemptState>;
}

export interface Explored {
  readonly worlds: number;
  readonly states: ReadonlySet<AttemptState>;
  readonly violations: ReadonlySet<string>;
}

const none: CardCounters = {
  fed: 0,
  printedSides: 0,
  presented: 0,
  taken: 0,
  rejected: 0,
  retracted: 0,
};

const fresh = (number: number): Terminal => ({
  state: null,
  life: 'running',
  number,
  place: 'feeder',
  inked: false,
  jam: false,
  grown: none,
  settled: false,
  blocked: false,
  owed: [],
});

/** Walks through every world that can be reached, breadth first, and collects broken promises. */
export function explore(model: Model): Explored {
  const first: World = {
    terminals: Array.from({ length: model.terminals }, () => fresh(0)),
    registry: 'ready',
    holder: null,
    originals: 0,
    crashesLeft: model.crashes,
  };
  const seen = new Set<string>([JSON.stringify(first)]);
  const states = new Set<AttemptState>();
  const violations = new Set<string>();
  let front: World[] = [first];
  while (front.length > 0) {
    const next: World[] = [];
    for (const world of front) {
      for (const step of stepsOf(world, model, violations)) {
        const key = JSON.stringify(step);
        if (seen.has(key)) continue;
        seen.add(key);
        for (const { state } of step.terminals) if (state !== null) states.add(state);
        check(step, violations);
        next.push(step);
      }
    }
    front = next;
  }
  return { worlds: seen.size, states, violations };
}

function check(world: World, violations: Set<string>): void {
  const { terminals, originals, registry } = world;
  const reachable = terminals.filter(({ place, inked }) => place === 'exit' && inked).length;
  if (originals + reachable > 1) violations.add('two originals');
  for (const { state, settled, place, owed } of terminals) {
    if (state === 'confirmed' && !settled) violations.add('confirmed before it was settled');
    if (!settled || state === null) continue;
    const notPrinted = state === 'released' || state === 'needsReview';
    if (notPrinted && place !== 'feeder') violations.add('a moved blank was called not printed');
    if (owed.length === 0 && originals > 0 && registry === 'ready') {
      violations.add('the registry would print again what is out');
    }
  }
}

/** Everything that can happen next. */
function* stepsOf(world: World, model: Model, violations: Set<string>): Generator<World> {
  for (const [index, terminal] of world.terminals.entries()) {
    const put = (changes: Partial<Terminal>, rest: Partial<World> = {}): World => ({
      ...world,
      ...rest,
      terminals: world.terminals.map((other, at) =>
        at === index ? { ...terminal, ...changes } : other,
      ),
    });
    // A hand takes what lies at the exit, whether core lives or not.
    if (terminal.place === 'exit') {
      const seen = model.profile.exitSensor ? 1 : 0;
      yield put(
        { place: 'out', grown: add(terminal.grown, 'taken', seen) },
        { originals: world.originals + (terminal.inked ? 1 : 0) },
      );
    }
    const [message, ...owed] = terminal.owed;
    if (message !== undefined) yield answered(put({ owed }), message);
    if (terminal.state === null) {
      if (terminal.number < model.attempts && !terminal.blocked) {
        yield put({ ...fresh(terminal.number + 1), state: 'claiming', owed: terminal.owed });
      }
      continue;
    }
    yield* attemptSteps(world, index, model, violations, put);
  }
}

type Put = (changes: Partial<Terminal>, rest?: Partial<World>) => World;

function* attemptSteps(
  world: World,
  index: number,
  model: Model,
  violations: Set<string>,
  put: Put,
): Generator<World> {
  const terminal = world.terminals[index] ?? fresh(0);
  const state = terminal.state ?? 'claiming';
  const table = model.table ?? controlledBlankTable;
  const rule = table[state];
  if (rule === undefined) throw new Error(`no rule for ${state}`);
  if (terminal.life === 'dead') {
    if (rule.question === null) yield put({ ...closed(terminal) });
    for (const cause of answersTo(rule, terminal, model)) {
      yield entered(
        put,
        index,
        world,
        terminal,
        table,
        follow('recovered', state, rule, cause),
        'recovering',
      );
    }
    return;
  }
  if (rule.act === null) {
    if (!terminal.settled) violations.add(`ends in ${state} without being settled`);
    yield put({ ...closed(terminal) });
    return;
  }
  if (terminal.life === 'recovering' && !safeAfterRestart.has(rule.act)) {
    violations.add(`${rule.act} for an old session`);
  }
  for (const { changes, rest, cause } of outcomesOf(rule.act, world, terminal, index, model)) {
    if (changes.inked === true && terminal.inked) violations.add('printed on twice');
    const done = { ...terminal, ...changes };
    yield entered(
      put,
      index,
      { ...world, ...rest },
      done,
      table,
      follow('next', state, rule, cause),
      terminal.life,
    );
    if (world.crashesLeft > 0) {
      const lasting = lastCommitted(state, model);
      const crashed = { ...rest, crashesLeft: world.crashesLeft - 1 };
      yield put({ ...changes, state: lasting, life: 'dead' }, crashed);
      yield put({ state: lasting, life: 'dead' }, { crashesLeft: world.crashesLeft - 1 });
    }
  }
}

const lastCommitted = (state: AttemptState, model: Model): AttemptState =>
  model.forgotten?.has(state) === true ? 'composed' : state;

const closed = (terminal: Terminal): Partial<Terminal> => ({
  state: null,
  life: 'running',
  // Where people must look, nothing more is fed; the same goes for a path that is visibly not clear.
  blocked: terminal.blocked || terminal.place === 'inside' || terminal.jam,
});

/** The commit of a state with all that belongs to it. */
function entered(
  put: Put,
  index: number,
  world: World,
  terminal: Terminal,
  table: AttemptTable,
  to: AttemptState,
  life: Terminal['life'],
): World {
  const rule = table[to];
  const announces = to === 'feedIntent' || to === 'printIntent' || to === 'ejectIntent';
  const settles = rule?.settles === true && !terminal.settled;
  return put(
    {
      ...terminal,
      life,
      state: to,
      grown: announces ? none : terminal.grown,
      settled: terminal.settled || settles,
      blocked: terminal.blocked || to === 'unresolved',
      owed: [
        ...terminal.owed,
        ...(rule?.owes ?? []).map(
          (kind) => `${kind} ${index}-${terminal.number} ${outcomeOf(terminal, to)}`,
        ),
      ],
    },
    { registry: world.registry, holder: world.holder, crashesLeft: world.crashesLeft },
  );
}

function outcomeOf(terminal: Terminal, to: AttemptState): string {
  if (to === 'unresolved') return 'uncertain';
  return terminal.state === 'void' ? 'spoiled' : terminal.state === 'taken' ? 'delivered' : 'other';
}

/** What the registry does with a message. */
function answered(world: World, message: string): World {
  const [kind, , outcome] = message.split(' ');
  if (world.registry === 'done') return world;
  if (kind === 'release') {
    return world.holder === holderOf(message)
      ? { ...world, registry: 'ready', holder: null }
      : world;
  }
  if (kind === 'hold' || outcome === 'uncertain' || outcome === 'other') {
    return { ...world, registry: 'review', holder: null };
  }
  return outcome === 'delivered'
    ? { ...world, registry: 'done', holder: null }
    : { ...world, registry: 'ready', holder: null };
}

const holderOf = (message: string): string => message.split(' ')[1] ?? '';

interface ActOutcome {
  readonly changes: Partial<Terminal>;
  readonly rest: Partial<World>;
  readonly cause: Cause;
}

const plain = (
  cause: Cause,
  changes: Partial<Terminal> = {},
  rest: Partial<World> = {},
): ActOutcome => ({
  cause,
  changes,
  rest,
});

function outcomesOf(
  act: Act,
  world: World,
  terminal: Terminal,
  index: number,
  model: Model,
): readonly ActOutcome[] {
  const { profile } = model;
  const judges = model.judges ?? judge;
  const who = `${index}-${terminal.number}`;
  switch (act) {
    case 'reserve':
      if (world.registry !== 'ready') return [plain('refused'), plain('unanswered')];
      return [
        plain('refused'),
        plain('unanswered'),
        plain('done', {}, { registry: 'held', holder: who }),
        plain('unanswered', {}, { registry: 'held', holder: who }),
      ];
    case 'prepare':
    case 'checkDevices':
      return [plain('done'), plain('refused'), plain('cancelled')];
    case 'release':
      return world.holder === who
        ? [plain('done', {}, { registry: 'ready', holder: null }), plain('unanswered')]
        : [plain('done'), plain('unanswered')];
    case 'checkBlank':
      return terminal.state === 'encoded'
        ? [plain('done'), plain('unfit')]
        : [plain('done'), plain('doneChipNext'), plain('unfit')];
    case 'writeChip':
    case 'captureOldCard':
      return [plain('done'), plain('unfit')];
    case 'verify':
      return [plain('done'), plain('unfit')];
    case 'beginHolderCheck':
    case 'beginEject':
    case 'settle':
      return [plain('done')];
    case 'checkHolder':
      return [plain('done'), plain('doneOldCardNext'), plain('unfit')];
    case 'feed':
      return moved(terminal, profile, 'feeder', { place: 'inside' }, 'fed', (scene) =>
        judges.judgeFeed(scene),
      );
    case 'printSide':
      return [
        ...moved(terminal, profile, 'inside', { inked: true }, 'printedSides', (scene) =>
          judges.judgePrint(scene),
        ),
        // The ribbon ends in the middle: inked, and not counted.
        ...moved(terminal, profile, 'inside', { inked: true }, null, (scene) =>
          judges.judgePrint({ ...scene, end: 'failed' }),
        ),
      ];
    case 'present':
      return moved(terminal, profile, 'inside', { place: 'exit' }, 'presented', (scene) => {
        const cause = judges.judgeExit(scene);
        return cause === 'leftAtExit' ? 'atExit' : cause;
      });
    case 'awaitTaken': {
      if (!profile.exitSensor) return [plain('presentedUnseen')];
      const causes = new Set<Cause>(terminal.place === 'out' ? ['taken'] : []);
      for (const scene of scenes(terminal, profile, 'done')) causes.add(judges.judgeExit(scene));
      return [...causes].map((cause) => plain(cause));
    }
    case 'retract':
      return moved(terminal, profile, 'exit', { place: 'retracted' }, 'retracted', (scene) => {
        const cause = judges.judgeRetract(scene);
        return cause === 'atExit' || cause === 'leftAtExit' ? 'unproved' : cause;
      });
    case 'reject':
      return moved(terminal, profile, 'inside', { place: 'rejected' }, 'rejected', (scene) =>
        judges.judgeReject(scene) === 'done' ? 'done' : 'unproved',
      );
    case 'printPaper':
    case 'askCitizen':
      throw new Error(`${act} is no act of a card`);
  }
}

/** A movement that happens or not, heard of or not, jammed before or after, and seen or not. */
function moved(
  terminal: Terminal,
  profile: Profile,
  from: Place,
  change: Partial<Terminal>,
  counter: keyof CardCounters | null,
  cause: (scene: Scene) => Cause,
): readonly ActOutcome[] {
  const can = terminal.place === from && !terminal.jam;
  const fitted =
    (counter !== 'rejected' || profile.rejectBin) && (counter !== 'retracted' || profile.retract);
  const counted = counter === 'rejected' && !profile.rejectCount ? null : counter;
  const after: Partial<Terminal> = {
    ...change,
    ...(counted === null ? {} : { grown: add(terminal.grown, counted, 1) }),
  };
  const ends: readonly (readonly [Partial<Terminal>, CommandEnd])[] = [
    [{}, 'failed'],
    [{}, 'notStarted'],
    ...(counter === 'fed' ? ([[{}, 'refused']] as const) : []),
    ...(can && fitted
      ? ([
          [{ jam: true }, 'failed'],
          [after, 'done'],
          [after, 'failed'],
          [{ ...after, jam: true }, 'failed'],
          ...(counter === 'fed' ? ([[after, 'refused']] as const) : []),
        ] as const)
      : []),
  ];
  return ends.flatMap(([changes, end]) =>
    scenes({ ...terminal, ...changes }, profile, end).map((scene) => plain(cause(scene), changes)),
  );
}

/** The same moment with sensors that answer and with sensors that do not. */
const scenes = (terminal: Terminal, senses: Profile, end: CommandEnd): readonly Scene[] => {
  const before = senses.counters ? none : null;
  const counters = senses.counters ? terminal.grown : null;
  const media = mediaOf(terminal, senses);
  return [
    { end, before, senses, sight: { media, rejectBin: 'ok', counters, presented: 'unknown' } },
    { end, before, senses, sight: null },
  ];
};

function mediaOf({ jam, place }: Terminal, senses: Profile): MediaPosition {
  if (jam) return 'jammed';
  if (place === 'exit' && senses.exitSensor) return 'atExit';
  if (!senses.cardPosition) return 'unknown';
  if (place === 'inside') return 'present';
  return senses.exitSensor || (place !== 'exit' && place !== 'out') ? 'notPresent' : 'unknown';
}

/** Every answer that the question of recovery may get. */
function answersTo(rule: StateRule, terminal: Terminal, model: Model): ReadonlySet<Cause> {
  const judges = model.judges ?? judge;
  const all = (end: CommandEnd, of: (scene: Scene) => Cause): ReadonlySet<Cause> =>
    new Set(scenes(terminal, model.profile, end).map(of));
  switch (rule.question) {
    case null:
      return new Set();
    case 'nothing':
      return new Set(['oldSession']);
    case 'readReservation':
      return new Set(['oldSession', 'refused']);
    case 'wasBlankFed':
      return all('unheard', judges.judgeFeed);
    case 'isCardInside':
      return all('unheard', judges.judgeInside);
    case 'isCardOut':
      return all(terminal.state === 'presented' ? 'done' : 'unheard', judges.judgeExit);
    case 'wasCardRetracted':
      return all('unheard', judges.judgeRetract);
    case 'wasCardRejected':
      return all('unheard', judges.judgeReject);
    case 'whatBecameOfJob':
      throw new Error('no question about a card');
  }
}

const add = (grown: CardCounters, counter: keyof CardCounters, by: number): CardCounters => ({
  ...grown,
  [counter]: grown[counter] + by,
});
