import { describe, expect, it } from '@jest/globals';
import type { CommandName } from '../../../drivers/contract/device-classes.ts';
import type { CommandHandlers, CommandResult, Driver } from '../../../drivers/contract/driver.ts';
import type { DeviceClass } from '../../../drivers/contract/words.ts';
import { applying, type Case } from '../case.ts';

/** A way in which a device can be wrong. */
export interface Mutant {
  /** Goes on after "one that". */
  readonly is: string;
  /** Beginnings of the titles of the cases that have to notice it. */
  readonly noticedBy: readonly string[];
}

/** A device that passes its suite, and what is made of it. */
export interface Subject<Rig, M extends Mutant> {
  /** Of a device with such capabilities, those that it has not got to keep among them. */
  readonly cases: readonly Case<Rig>[];
  /** Sets up what such a mutant is, or with nothing wrong the device as it is; has it proved, and lets go of it. */
  readonly on: (mutant: Partial<M>, prove: (rig: Rig) => Promise<void>) => Promise<void>;
  readonly mutants: readonly M[];
}

/** How long a case may wait in vain on a mutant; three times as long where the right device takes longer. */
const IN_VAIN_MS = 500;

/** Proves a suite: each mutant is noticed by what is there for it, and each case is there for some mutant. */
export function proveSuite<Rig, M extends Mutant>(
  suite: string,
  subjects: readonly Subject<Rig, M>[],
): void {
  describe(`the suite of ${suite}`, () => {
    const titles = new Set(subjects.flatMap(({ cases }) => cases.map(({ title }) => title)));
    for (const { cases, on, mutants } of subjects) {
      const rightTook = new Map<string, Promise<number>>();
      for (const mutant of mutants) {
        for (const beginning of mutant.noticedBy) {
          const one = theOne(applying(cases), beginning);
          titles.delete(one.title);
          it(`notices one that ${mutant.is}: ${one.title}`, async () => {
            const took = rightTook.get(one.title) ?? msOf((prove) => on({}, prove), one);
            rightTook.set(one.title, took);
            const patienceMs = Math.max(IN_VAIN_MS, 3 * (await took));
            let kept: boolean | null = null;
            const proved = on(mutant, async (rig) => {
              kept = false;
              kept = await keeps(one.prove(rig), patienceMs);
            });
            // A mutant may be let go of badly, once it was proved.
            await proved.catch((error: unknown) => {
              if (kept === null) throw error;
            });
            expect(kept).toBe(false);
          });
        }
      }
    }

    it('has a mutant for each of its cases', () => {
      expect([...titles]).toEqual([]);
    });
  });
}

function theOne<Rig>(cases: readonly Case<Rig>[], beginning: string): Case<Rig> {
  const exact = cases.filter(({ title }) => title === beginning);
  const found = exact.length > 0 ? exact : cases.filter(({ title }) => title.startsWith(beginning));
  const [one] = found;
  if (one === undefined || found.length > 1) {
    throw new Error(`${found.length} cases that begin with "${beginning}"`);
  }
  return one;
}

/** How long the right device takes; rejects where it does not pass. */
async function msOf<Rig>(
  on: (prove: (rig: Rig) => Promise<void>) => Promise<void>,
  { prove }: Case<Rig>,
): Promise<number> {
  let tookMs = 0;
  await on(async (rig) => {
    const from = performance.now();
    await prove(rig);
    tookMs = performance.now() - from;
  });
  return tookMs;
}

function keeps(proof: Promise<void>, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs);
    const end = (kept: boolean) => () => {
      clearTimeout(timer);
      resolve(kept);
    };
    proof.then(end(true), end(false));
  });
}

/** The driver with some commands carried out in another way. */
export const driverWith = <C extends DeviceClass>(
  driver: Driver<C>,
  wrong: Partial<CommandHandlers<C>>,
  stop = (): Promise<void> => driver.stop(),
): Driver<C> => ({
  deviceClass: driver.deviceClass,
  handlers: { ...driver.handlers, ...wrong },
  start: () => driver.start(),
  stop,
});

/** Gives another answer in the place of the one that a command of the class gave. */
export const answering =
  <C extends DeviceClass>() =>
  <N extends CommandName<C>>(
    command: N,
    change: (answer: CommandResult<C, N>) => CommandResult<C, N>,
  ) =>
  (right: CommandHandlers<C>): Partial<CommandHandlers<C>> => {
    const wrong: CommandHandlers<C>[N] = async (params, signal) =>
      change(await right[command](params, signal));
    return { [command]: wrong } as unknown as Partial<CommandHandlers<C>>;
  };

/** Changes what a command of the class answers, where it answers well. */
export const saying =
  <C extends DeviceClass>() =>
  <N extends CommandName<C>>(
    command: N,
    change: (value: Extract<CommandResult<C, N>, { ok: true }>['value']) => typeof value,
  ) =>
    answering<C>()(command, (answer) =>
      answer.ok ? { ...answer, value: change(answer.value) } : answer,
    );
