import type { DeviceClass } from '../../drivers/contract/words.ts';
import { assert } from '../base/assert.ts';

/**
 * The stages of the start, first first. `cabinet`: whether there is power and the doors are shut is known before
 * anything moves. `printers`: what lies in them and whether they work is known before anybody can begin.
 * `voices`: whatever speaks to the citizen is there when they come. `readers`: what a citizen begins with.
 */
export const startStages = ['cabinet', 'printers', 'voices', 'readers'] as const;
export type StartStage = (typeof startStages)[number];

const stageOfClass: Readonly<Record<DeviceClass, StartStage>> = {
  ups: 'cabinet',
  cabinetIo: 'cabinet',
  cardPrinter: 'printers',
  pagePrinter: 'printers',
  receiptPrinter: 'printers',
  audio: 'voices',
  biometric: 'readers',
  cardReader: 'readers',
  codeScanner: 'readers',
};

/** A process that serves devices of several stages starts in the last of them: none of its devices is early. */
export function stageOf(classes: readonly DeviceClass[]): StartStage {
  const stage = startStages.findLast((one) => classes.some((each) => stageOfClass[each] === one));
  assert(stage !== undefined, 'a host serves a device');
  return stage;
}

export interface Startable<T> {
  readonly classes: readonly DeviceClass[];
  /** Completes when its devices were asked once, whatever they said. */
  start(): Promise<T>;
}

/** Starts stage by stage, and all of one stage at once. Completes with what each came to, first first. */
export async function startInStages<T>(all: readonly Startable<T>[]): Promise<T[]> {
  const ends: T[] = [];
  for (const stage of startStages) {
    const now = all.filter(({ classes }) => stageOf(classes) === stage);
    if (now.length === 0) continue;
    ends.push(...(await Promise.all(now.map((one) => one.start()))));
  }
  return ends;
}
