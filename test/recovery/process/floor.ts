import type { Census, Task } from './plan.ts';
import { scriptNames } from './script.ts';
import { callClasses } from './shim.ts';

/** Of a real core in the whole plan, which has some 1,400; fewer fell, and a script or a class was not counted. */
export const LEAST_OF_A_REAL_CORE = 1_000;
/** Of all crash points of the whole plan: a real core's, those in process, and the disks after a power cut. */
export const LEAST_IN_ALL = 1_500;
/** A session may be a call or two shorter than the one that was counted; more is a class that is counted wrong. */
export const MOST_UNREACHED_OF_100 = 5;

/** What falls in either plan: a run in which one of these never fell has seen nothing of it. */
const KINDS: readonly string[] = [
  'again sync',
  'cut sync',
  'cut write',
  'failOn sync',
  'failOn write',
  'failOnce sync',
  'failOnce write',
  'killAfter chip',
  'killAfter device',
  'killBefore send',
  'killBefore sync',
  'killBefore write',
];

/** The kinds of blow that a task stands for where it struck. */
export const kindsOf = ({ point: { again, blow, callClass, powerCut } }: Task): string[] => [
  `${powerCut === undefined ? blow.kind : 'cut'} ${callClass}`,
  ...(again === undefined ? [] : [`again ${again.callClass}`]),
];

/** Only the cards of an adult have a chip. */
const isWithoutChip = (script: string): boolean => script === 'kia' || script === 'kk';

/** The classes of calls of which an undisturbed session made none, as far as the shim saw. */
export const uncounted = (census: Census): string[] =>
  scriptNames.flatMap((script) =>
    callClasses
      .filter((name) => census[script][name] === 0 && !(name === 'chip' && isWithoutChip(script)))
      .map((name) => `not one ${name} was counted in a session of ${script}`),
  );

export interface Struck {
  readonly struck: number;
  /** Points whose session was over before them. */
  readonly unreached: number;
  readonly kinds: ReadonlySet<string>;
}

/** What is wrong where less was struck than the run is for. */
export const belowFloor = ({ struck, unreached, kinds }: Struck, least: number): string[] => [
  ...KINDS.filter((kind) => !kinds.has(kind)).map((kind) => `${kind} never struck`),
  ...(struck < least ? [`${struck} points of a real core, fewer than ${least}`] : []),
  ...(unreached * 100 > (struck + unreached) * MOST_UNREACHED_OF_100
    ? [`${unreached} of ${struck + unreached} sessions were over before their point`]
    : []),
];
