import type { PageJob } from '../../drivers/contract/page-printer.ts';
import type { AttemptState } from '../../src/domain/attempt.ts';
import { safeAfterRestart } from '../../src/issuance/attempt-machine.ts';
import type { Act, AttemptTable, Cause, StateRule } from '../../src/issuance/attempt-rule.ts';
import { follow, plainPaperTable } from '../../src/issuance/attempt-table.ts';
import { judgeJob } from '../../src/issuance/judge/judge-paper.ts';
import type { Explored } from './attempt-model.ts';

/** What the printer makes of the job of the attempt at hand; a queued one may still put out its sheets. */
type Job = 'none' | 'queued' | 'stacked' | 'ended';

interface PaperWorld {
  /** As committed; null while no attempt is open. */
  readonly state: AttemptState | null;
  readonly life: 'running' | 'dead' | 'recovering';
  readonly number: number;
  readonly job: Job;
  /** Jobs that this attempt sent. */
  readonly sent: number;
  /** Jobs of attempts before, which nobody saw end. */
  readonly strays: number;
  readonly settled: boolean;
  readonly owed: readonly string[];
  /** `mine`: reserved by the attempt at hand; `other`: by one before, whose report is still under way. */
  readonly registry: 'ready' | 'held' | 'done' | 'review';
  readonly holder: number;
  /** Copies that the registry was told of, delivered or in doubt. */
  readonly told: number;
  /** Whole copies that ever lay in the tray. */
  readonly copies: number;
  readonly crashesLeft: number;
}

export interface PaperModel {
  readonly crashes: number;
  readonly attempts: number;
  /** Copies after which the registry gives out no more. */
  readonly limit: number;
  readonly table?: AttemptTable;
  readonly judge?: typeof judgeJob;
}

interface Step {
  readonly cause: Cause;
  readonly changes?: Partial<PaperWorld>;
}

/** Walks through every world of plain paper that can be reached, breadth first, and collects broken promises. */
export function explorePaper(model: PaperModel): Explored {
  const first: PaperWorld = {
    state: null,
    life: 'running',
    number: 0,
    job: 'none',
    sent: 0,
    strays: 0,
    settled: false,
    owed: [],
    registry: 'ready',
    holder: 0,
    told: 0,
    copies: 0,
    crashesLeft: model.crashes,
  };
  const seen = new Set<string>([JSON.stringify(first)]);
  const states = new Set<AttemptState>();
  const violations = new Set<string>();
  let front = [first];
  while (front.length > 0) {
    const next: PaperWorld[] = [];
    for (const world of front) {
      for (const step of stepsOf(world, model, violations)) {
        const key = JSON.stringify(step);
        if (seen.has(key)) continue;
        seen.add(key);
        if (step.state !== null) states.add(step.state);
        // Nothing beyond a broken promise is looked at: a mutant that sends for ever would never end.
        if (check(step, model, violations)) next.push(step);
      }
    }
    front = next;
  }
  return { worlds: seen.size, states, violations };
}

/** false: something is broken. Two jobs alone are looked beyond, for the copies that they lead to. */
function check(world: PaperWorld, { limit }: PaperModel, violations: Set<string>): boolean {
  const { state, settled, job, sent, copies } = world;
  const notPrinted = state === 'released' || state === 'needsReview';
  const broken = [
    ...(copies > limit ? ['more copies than the registry allows'] : []),
    ...(state === 'confirmed' && !settled ? ['confirmed before it was settled'] : []),
    ...(state === 'printed' && job !== 'stacked' ? ['called printed, and is not'] : []),
    ...(settled && notPrinted && job !== 'none' ? ['a job sent was called not printed'] : []),
  ];
  for (const text of broken) violations.add(text);
  if (sent > 1) violations.add('two jobs of one attempt');
  return broken.length === 0 && sent <= limit + 1;
}

/** Everything that can happen next. */
function* stepsOf(
  world: PaperWorld,
  model: PaperModel,
  violations: Set<string>,
): Generator<PaperWorld> {
  const { state, life, job } = world;
  // The printer goes on by itself, whether core lives or not: the sheets come out, or the job is lost.
  if (job === 'queued') {
    yield { ...world, job: 'stacked', copies: world.copies + 1 };
    yield { ...world, job: 'ended' };
  }
  if (world.strays > 0) {
    yield { ...world, strays: world.strays - 1, copies: world.copies + 1 };
    yield { ...world, strays: world.strays - 1 };
  }
  const [message, ...owed] = world.owed;
  if (message !== undefined) yield told({ ...world, owed }, message, model);
  if (state === null) {
    if (world.number >= model.attempts) return;
    const fresh = { job: 'none', sent: 0, settled: false } as const;
    yield { ...world, ...fresh, number: world.number + 1, state: 'claiming' };
    return;
  }
  const table = model.table ?? plainPaperTable;
  const rule = table[state];
  if (rule === undefined) throw new Error(`no rule for ${state}`);
  const strays = world.strays + (job === 'queued' ? 1 : 0);
  const closed = { ...world, state: null, life: 'running', strays, job: 'none' } as const;
  if (life === 'dead') {
    if (rule.question === null) yield closed;
    for (const { cause, changes } of answersTo(rule, world, model)) {
      const to = follow('recovered', state, rule, cause);
      yield entered({ ...world, ...changes, life: 'recovering' }, table, to);
    }
    return;
  }
  if (rule.act === null) {
    if (!world.settled) violations.add(`ends in ${state} without being settled`);
    yield closed;
    return;
  }
  if (life === 'recovering' && !safeAfterRestart.has(rule.act)) {
    violations.add(`${rule.act} for an old session`);
  }
  for (const { cause, changes = {} } of outcomesOf(rule.act, world, model)) {
    yield entered({ ...world, ...changes }, table, follow('next', state, rule, cause));
    if (world.crashesLeft === 0) continue;
    const dead = { life: 'dead', crashesLeft: world.crashesLeft - 1 } as const;
    yield { ...world, ...changes, ...dead };
    yield { ...world, ...dead };
  }
}

function outcomesOf(act: Act, world: PaperWorld, model: PaperModel): readonly Step[] {
  const isHolder = world.registry === 'held' && world.holder === world.number;
  switch (act) {
    case 'reserve': {
      const refused: Step[] = [{ cause: 'refused' }, { cause: 'unanswered' }];
      if (world.registry !== 'ready') return refused;
      const held = { registry: 'held', holder: world.number } as const;
      return [...refused, { cause: 'done', changes: held }, { cause: 'unanswered', changes: held }];
    }
    case 'prepare':
    case 'checkDevices':
      return [{ cause: 'done' }, { cause: 'refused' }, { cause: 'cancelled' }];
    case 'release':
      return [
        { cause: 'unanswered' },
        { cause: 'done', changes: isHolder ? { registry: 'ready', holder: 0 } : {} },
      ];
    case 'printPaper':
      return printed(world, model);
    case 'askCitizen':
      // Who has the sheets says so, or does not, or walks away; who has none cannot say yes.
      return [
        ...(world.job === 'stacked' ? [{ cause: 'taken' } as const] : []),
        { cause: 'unproved' },
      ];
    case 'settle':
      return [{ cause: 'done' }];
    case 'feed':
    case 'checkBlank':
    case 'writeChip':
    case 'printSide':
    case 'verify':
    case 'beginHolderCheck':
    case 'checkHolder':
    case 'captureOldCard':
    case 'beginEject':
    case 'present':
    case 'awaitTaken':
    case 'retract':
    case 'reject':
      throw new Error(`${act} is no act of paper`);
  }
}

/** The job reaches the printer or not; what the printer answers is heard or lost. */
function printed(world: PaperWorld, model: PaperModel): readonly Step[] {
  const sent = { sent: world.sent + 1 };
  const stacked = { ...sent, job: 'stacked', copies: world.copies + 1 } as const;
  const queued = { ...sent, job: 'queued' } as const;
  return [
    // Refused, and the printer knows of no such job: nothing moved. Refused, and it no longer answers: unclear.
    { cause: 'nothingMoved' },
    { cause: 'unclear' },
    // Printed, and heard of at once or by asking; or never.
    { cause: judged({ ...world, ...stacked }, model), changes: stacked },
    { cause: 'unclear', changes: stacked },
    // Stuck: cancelled and seen to be so, or nobody answers and it may come out yet.
    { cause: judged({ ...world, job: 'ended' }, model), changes: { ...sent, job: 'ended' } },
    { cause: judged({ ...world, ...queued }, model), changes: queued },
  ];
}

/** What recovery hears of the job, or does not; a queued one is cancelled where the printer answers. */
function answersTo(rule: StateRule, world: PaperWorld, model: PaperModel): readonly Step[] {
  switch (rule.question) {
    case null:
      return [];
    case 'nothing':
      return [{ cause: 'oldSession' }];
    case 'readReservation':
      return [{ cause: 'oldSession' }, { cause: 'refused' }];
    case 'whatBecameOfJob': {
      const job = world.job === 'queued' ? 'ended' : world.job;
      const seen = judged({ ...world, job }, model) === 'done' ? 'done' : 'unproved';
      return [{ cause: seen, changes: { job } }, { cause: 'unproved' }];
    }
    case 'wasBlankFed':
    case 'isCardInside':
    case 'whereAreBothCards':
    case 'isCardOut':
    case 'wasCardRetracted':
    case 'wasCardRejected':
      throw new Error(`${rule.question} is no question about paper`);
  }
}

/** What core makes of what the printer says of the job, by its own rule. */
const judged = ({ job }: Pick<PaperWorld, 'job'>, { judge = judgeJob }: PaperModel) =>
  judge(said[job], { pages: 2, impressionCount: true, completedMeans: 'deviceReported' });

const jobOf = (state: PageJob['state'], impressionsCompleted: number): PageJob => ({
  jobId: 1,
  state,
  reasons: [],
  impressionsCompleted,
});
const said: Readonly<Record<Job, PageJob | null>> = {
  none: null,
  queued: jobOf('pending', 0),
  stacked: jobOf('completed', 2),
  ended: jobOf('aborted', 1),
};

/** The commit of a state with all that belongs to it. */
function entered(world: PaperWorld, table: AttemptTable, to: AttemptState): PaperWorld {
  const rule = table[to];
  const outcome = to === 'unresolved' ? 'uncertain' : to === 'confirming' ? 'delivered' : 'other';
  const owes = (rule?.owes ?? []).map((kind) => `${kind} ${world.number} ${outcome}`);
  return {
    ...world,
    state: to,
    settled: world.settled || rule?.settles === true,
    owed: [...world.owed, ...owes],
  };
}

/** What the registry does with a message. */
function told(world: PaperWorld, message: string, { limit }: PaperModel): PaperWorld {
  const [kind, number, outcome] = message.split(' ');
  if (world.registry !== 'held' || world.holder !== Number(number)) return world;
  const free = { registry: 'ready', holder: 0 } as const;
  if (kind === 'release') return { ...world, ...free };
  const copies = world.told + 1;
  if (outcome === 'delivered') return { ...world, registry: 'done', told: copies };
  return copies < limit ? { ...world, ...free, told: copies } : { ...world, registry: 'review' };
}
