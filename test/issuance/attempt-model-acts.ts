import type { CardCounters } from '../../drivers/contract/card-printer.ts';
import type { MediaPosition } from '../../drivers/contract/words.ts';
import type { Profile } from '../../drivers/simulated-card-printer/profiles.ts';
import type { Act, Cause, StateRule } from '../../src/issuance/attempt-rule.ts';
import * as judge from '../../src/issuance/judge/judge-card.ts';
import type { CommandEnd, Scene } from '../../src/issuance/judge/judge-card.ts';
import { falls } from './attempt-model-old-card.ts';
import { none, type Model, type Place, type Terminal, type World } from './attempt-model-world.ts';

interface ActOutcome {
  readonly changes: Partial<Terminal>;
  readonly rest: Partial<World>;
  /** What is committed with the next state, and lost if that is not reached. */
  readonly learnt?: Partial<Terminal>;
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

export function outcomesOf(
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
      return terminal.fate === 'kept'
        ? [plain('refused'), plain('cancelled')]
        : [plain('done'), plain('refused'), plain('cancelled')];
    case 'release':
      return world.holder === who
        ? [plain('done', {}, { registry: 'ready', holder: null }), plain('unanswered')]
        : [plain('done'), plain('unanswered')];
    case 'checkBlank':
      return terminal.state === 'encoded'
        ? [plain('done'), plain('unfit')]
        : [plain('done'), plain('doneChipNext'), plain('unfit')];
    case 'captureOldCard':
      return falls(terminal, model);
    case 'writeChip':
    case 'verify':
      return [plain('done'), plain('unfit')];
    case 'beginEject':
    case 'settle':
      return [plain('done')];
    case 'beginHolderCheck':
      return [plain('doneHolderNext'), mayGo(world, terminal)];
    case 'checkHolder':
      return [mayGo(world, terminal), plain('unfit')];
    case 'feed':
      if (model.oneJob === true) return still(terminal, profile, judges.judgeFeed);
      return moved(terminal, profile, 'feeder', { place: 'inside' }, 'fed', (scene) =>
        judges.judgeFeed(scene),
      );
    case 'printSide':
      if (model.oneJob === true) return still(terminal, profile, judges.judgePrint);
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
      return moved(terminal, profile, ...presenting(model), 'presented', (scene) => {
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

/** No check, or one that ended well. */
const mayGo = ({ oldCard }: World, { fate }: Terminal): ActOutcome =>
  plain(oldCard === 'none' || fate === 'captured' ? 'done' : 'doneOldCardNext');

/** From where a card comes when it is presented, and what happens to it. */
const presenting = ({ oneJob }: Model): [Place, Partial<Terminal>] =>
  oneJob === true ? ['feeder', { place: 'exit', inked: true }] : ['inside', { place: 'exit' }];

/** A command of a printer that only makes sure of what is to come: nothing happens, however it ends. */
const still = (
  terminal: Terminal,
  profile: Profile,
  cause: (scene: Scene) => Cause,
): readonly ActOutcome[] =>
  (['done', 'failed', 'notStarted'] as const).flatMap((end) =>
    scenes(terminal, profile, end).map((scene) => plain(cause(scene))),
  );

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
export function answersTo(rule: StateRule, terminal: Terminal, model: Model): ReadonlySet<Cause> {
  const judges = model.judges ?? judge;
  const all = (end: CommandEnd, of: (scene: Scene) => Cause): ReadonlySet<Cause> =>
    new Set([
      ...scenes(terminal, model.profile, end).map(of),
      // Core starts anew, and a printer that is away has not told what it can sense.
      ...scenes(terminal, model.profile, end).map((scene) => of({ ...scene, senses: null })),
    ]);
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
    case 'whereAreBothCards':
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

export const add = (
  grown: CardCounters,
  counter: keyof CardCounters,
  by: number,
): CardCounters => ({
  ...grown,
  [counter]: grown[counter] + by,
});
