import type { Point } from './points.ts';
import { scriptNames, type ScriptName } from './script.ts';
import type { Blow, CallClass } from './shim.ts';

export interface Task {
  readonly script: ScriptName;
  readonly point: Point;
}

/** Calls of each class in one undisturbed session, and which of the device commands moved media. */
export type Calls = Readonly<Record<CallClass, number>> & { readonly moving: readonly number[] };
export type Census = Readonly<Record<ScriptName, Calls>>;

/** Every how many calls something is tried; 0 for never. */
export interface Strides {
  readonly kill: Readonly<Record<CallClass, number>>;
  readonly fault: Readonly<Partial<Record<CallClass, number>>>;
  readonly powerCut: Readonly<Partial<Record<CallClass, number>>>;
  readonly again: number;
  /** Scripts in which it falls also after each command that moves media. */
  readonly movementsOf: readonly ScriptName[];
}

/**
 * The whole plan: a kill at every flush, write, send, device command and chip frame of every script. Disk
 * faults fall at every k in one process (`disk-faults.ts`), and here, on a core that is whole, at some; so
 * do power cuts, of which the replayer opens every disk. Of the flushes of a start each is died at by some
 * script.
 */
export const wholePlan: Strides = {
  kill: { sync: 1, write: 1, send: 1, device: 1, chip: 1 },
  fault: { sync: 6, write: 48 },
  powerCut: { sync: 3, write: 32 },
  again: 4,
  movementsOf: [],
};

/** For every change: each kind of point, and each command that moves media. */
export const shortPlan: Strides = {
  kill: { sync: 30, write: 700, send: 200, device: 0, chip: 800 },
  fault: { sync: 120, write: 1_000 },
  powerCut: { sync: 120, write: 1_000 },
  again: 90,
  // Every command of the others is among these.
  movementsOf: ['replacement', 'kk'],
};

/** The start of core makes about as many flushes before it serves. */
const FLUSHES_OF_A_START = 24;

/**
 * Points of a plan. Scripts begin at different calls, so that together they come by more of them, and in the
 * middle of their share: the first calls of a session are the same for all.
 */
export function tasksOf(census: Census, strides: Strides): Task[] {
  return scriptNames.flatMap((script, index) => {
    const from = (stride: number): number =>
      1 + Math.floor(((index + 0.5) * stride) / scriptNames.length);
    const each = (
      callClass: CallClass,
      stride: number | undefined,
      make: (k: number) => Omit<Point, 'callClass' | 'k'>,
    ): Task[] =>
      everyNth(from(stride ?? 0), census[script][callClass], stride ?? 0).map((k) => ({
        script,
        point: { callClass, k, ...make(k) },
      }));
    const kills = (Object.entries(strides.kill) as [CallClass, number][]).flatMap(
      ([name, stride]) =>
        each(name, stride, () => ({
          blow: killOf(name),
          ...(isChained(script, name) ? { nextTry: 'nextPoint' as const } : {}),
        })),
    );
    const faults = (['sync', 'write'] as const).flatMap((name) =>
      faultBlows.flatMap((blow) => each(name, strides.fault[name], () => ({ blow }))),
    );
    const cuts = (['sync', 'write'] as const).flatMap((name) =>
      each(name, strides.powerCut[name], (k) => ({
        blow: { kind: 'killBefore' },
        powerCut: k * 7 + index,
      })),
    );
    const moving = strides.movementsOf.includes(script) ? census[script].moving : [];
    const movements = moving.map((k) => ({
      script,
      point: { callClass: 'device' as const, k, blow: killOf('device') },
    }));
    const again = everyNth(from(strides.again), FLUSHES_OF_A_START, strides.again).map((k) => ({
      script,
      point: {
        callClass: 'device' as const,
        k: Math.max(1, census[script].device - 2 - (k % 8)),
        blow: { kind: 'killAfter' as const },
        again: { callClass: 'sync' as const, k },
      },
    }));
    return [...kills, ...movements, ...faults, ...cuts, ...again];
  });
}

/** A death with each command that moves media, over which the next core starts at once. */
export const everyMovement = (census: Census): Task[] =>
  scriptNames.flatMap((script) =>
    census[script].moving.map((k) => ({
      script,
      point: { callClass: 'device', k, blow: killOf('device'), startsAtOnce: true },
    })),
  );

/**
 * The many points of one kind, one after another: the session of the next one is the next try of this one's
 * citizen, which saves a whole session each. Not on paper: there the registry allows two copies, and a try
 * refused would be struck nowhere. Not after a movement: a next try goes on where the old card already fell,
 * and its commands are not those that were counted.
 */
const isChained = (script: ScriptName, callClass: CallClass): boolean =>
  script !== 'kk' && (callClass === 'write' || callClass === 'send' || callClass === 'chip');

/** A command that was sent is a movement that happens: it is killed after it, anything else before. */
const killOf = (callClass: CallClass): Blow => ({
  kind: callClass === 'device' || callClass === 'chip' ? 'killAfter' : 'killBefore',
});

const faultBlows: readonly Blow[] = [
  { kind: 'failOnce', error: 'EIO' },
  { kind: 'failOn', error: 'ENOSPC' },
];

function everyNth(from: number, to: number, stride: number): number[] {
  if (stride === 0) return [];
  return Array.from(
    { length: Math.max(0, Math.floor((to - from) / stride) + 1) },
    (_, index) => from + index * stride,
  );
}
