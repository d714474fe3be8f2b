import type { AttemptState, Resolution } from '../../src/domain/attempt.ts';
import { safeAfterRestart } from '../../src/issuance/attempt-machine.ts';
import type { AttemptTable } from '../../src/issuance/attempt-rule.ts';
import { controlledBlankTable, follow } from '../../src/issuance/attempt-table.ts';
import { add, answersTo, outcomesOf } from './attempt-model-acts.ts';
import { afterwards, beginnings, leavings } from './attempt-model-old-card.ts';
import { keyOf, none, type Model, type Terminal, type World } from './attempt-model-world.ts';

export interface Explored {
  readonly worlds: number;
  readonly states: ReadonlySet<AttemptState>;
  readonly violations: ReadonlySet<string>;
}

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
  slot: false,
  fell: false,
  fate: 'notConcerned',
  ledger: false,
});

/** Walks through every world that can be reached, breadth first, and collects broken promises. */
export function explore(model: Model): Explored {
  const first: World = {
    terminals: Array.from({ length: model.terminals }, () => fresh(0)),
    registry: 'ready',
    holder: null,
    originals: 0,
    oldCard: model.oldCard === undefined ? 'none' : 'citizen',
    crashesLeft: model.crashes,
  };
  const seen = new Set([keyOf(first)]);
  const states = new Set<AttemptState>();
  const violations = new Set<string>();
  let front: World[] = [first];
  while (front.length > 0) {
    const next: World[] = [];
    for (const world of front) {
      for (const step of stepsOf(world, model, violations)) {
        const key = keyOf(step);
        if (seen.has(key)) continue;
        seen.add(key);
        for (const { state } of step.terminals) if (state !== null) states.add(state);
        check(step, model, violations);
        next.push(step);
      }
    }
    front = next;
  }
  return { worlds: seen.size, states, violations };
}

function check(world: World, { profile }: Model, violations: Set<string>): void {
  const { terminals, originals, registry, oldCard } = world;
  const reachable = terminals.filter(({ place, inked }) => place === 'exit' && inked).length;
  if (originals + reachable > 1) violations.add('two originals');
  if (originals + reachable > 0 && (oldCard === 'citizen' || oldCard === 'machine')) {
    violations.add('a new card beside the old one');
  }
  for (const { state, settled, place, owed, fell, fate, ledger } of terminals) {
    if ((ledger || fate === 'captured') && oldCard !== 'bin') {
      violations.add('an old card was called captured that is not in the bin');
    }
    if (settled && fell && !ledger && fate !== 'uncertain') {
      violations.add('an old card is in the bin that no record knows of');
    }
    if (state === 'confirmed' && !settled) violations.add('confirmed before it was settled');
    const isGone = place === 'out' || (place === 'exit' && !profile.exitSensor);
    if (state === 'taken' && !isGone) violations.add('a card in the machine was called delivered');
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
    // The desk gives a card that was held back to its holder, and takes the old one for it.
    if (terminal.state === 'heldBack' && terminal.place === 'rejected' && !terminal.slot) {
      const oldCard = world.oldCard === 'citizen' ? 'desk' : world.oldCard;
      yield put({ place: 'out' }, { originals: world.originals + 1, oldCard });
    }
    const [message, ...owed] = terminal.owed;
    if (message !== undefined) yield answered(put({ owed }), message);
    if (terminal.state === null) {
      if (terminal.number < model.attempts && !terminal.blocked) {
        const begun = {
          ...fresh(terminal.number + 1),
          state: 'claiming',
          owed: terminal.owed,
        } as const;
        for (const [own, rest] of beginnings(world, terminal))
          yield put({ ...begun, ...own }, rest);
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
    if (rule.question === null) yield* closings(terminal, put);
    const known = rule.question === 'whereAreBothCards' ? afterwards(terminal, model) : [terminal];
    for (const found of known) {
      for (const cause of answersTo(rule, found, model)) {
        const to = follow('recovered', state, rule, cause);
        yield entered(put, index, world, found, table, to, 'recovering');
      }
    }
    return;
  }
  if (rule.act === null) {
    if (!terminal.settled) violations.add(`ends in ${state} without being settled`);
    yield* closings(terminal, put);
    for (const [choice, cleared] of found(terminal)) {
      const to = rule.decided[choice];
      if (to === undefined) continue;
      const looked = { ...terminal, ...cleared, blocked: false };
      yield entered(put, index, world, looked, table, to, terminal.life);
    }
    return;
  }
  if (terminal.life === 'recovering' && !safeAfterRestart.has(rule.act)) {
    violations.add(`${rule.act} for an old session`);
  }
  for (const { changes, rest, learnt, cause } of outcomesOf(
    rule.act,
    world,
    terminal,
    index,
    model,
  )) {
    if (changes.inked === true && terminal.inked) violations.add('printed on twice');
    const done = { ...terminal, ...changes, ...learnt };
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

/** What two people who open the printer and tell the truth can say, and how they leave it. */
function found({ state, place }: Terminal): readonly (readonly [Resolution, Partial<Terminal>])[] {
  if (state === 'needsReview') return [['recordStands', {}]];
  if (state === 'heldBack') return [[place === 'out' ? 'handedOver' : 'destroyed', {}]];
  const blind = ['cannotBeKnown', { jam: false }] as const;
  switch (place) {
    case 'feeder':
      return [['neverFed', { jam: false }], blind];
    case 'inside':
    case 'exit':
      return [['foundInBin', { place: 'rejected', jam: false }]];
    case 'out':
      return [['citizenHolds', {}], blind];
    case 'rejected':
      return [['foundInBin', {}], blind];
    case 'retracted':
      return [['foundRetracted', {}], blind];
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

function* closings(terminal: Terminal, put: Put): Generator<World> {
  for (const [own, rest] of leavings(terminal)) yield put({ ...closed(terminal), ...own }, rest);
}

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
    {
      registry: world.registry,
      holder: world.holder,
      crashesLeft: world.crashesLeft,
      oldCard: world.oldCard,
    },
  );
}

function outcomeOf(terminal: Terminal, to: AttemptState): string {
  if (to === 'unresolved') return 'uncertain';
  if (to === 'resolvedDelivered') return 'delivered';
  if (to === 'resolvedVoid' || to === 'resolvedNotFed' || to === 'heldBack') return 'spoiled';
  return terminal.state === 'void' ? 'spoiled' : terminal.state === 'taken' ? 'delivered' : 'other';
}

/** What the registry does with a message. */
function answered(world: World, message: string): World {
  const [kind, , outcome] = message.split(' ');
  const isHolder = world.holder === holderOf(message);
  if (world.registry === 'done') return world;
  if (kind === 'release') {
    return isHolder && world.registry === 'held'
      ? { ...world, registry: 'ready', holder: null }
      : world;
  }
  const isFrozen = world.registry === 'review' && isHolder;
  // A report frees nothing that is frozen, and a decision nothing else.
  if (kind === 'outcomeReport' && isFrozen) return world;
  if (kind === 'outcomeCorrection' && !isFrozen) return world;
  if (kind === 'hold' || outcome === 'uncertain' || outcome === 'other') {
    return { ...world, registry: 'review', holder: holderOf(message) };
  }
  return outcome === 'delivered'
    ? { ...world, registry: 'done', holder: null }
    : { ...world, registry: 'ready', holder: null };
}

const holderOf = (message: string): string => message.split(' ')[1] ?? '';
