import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from '@jest/globals';

/** One promise of a device class. */
export interface Case<Rig> {
  readonly title: string;
  /** False where the device has not got what the promise is about. */
  readonly where?: boolean;
  /** Rejects where the device does not keep it. */
  readonly prove: (rig: Rig) => Promise<void>;
}

/** Those that a device with such capabilities has to keep. */
export const applying = <Rig>(cases: readonly Case<Rig>[]): readonly Case<Rig>[] =>
  cases.filter(({ where }) => where !== false);

/** Cases that are written for what is made of the rig, anew for each of them. */
export const withHelp = <Rig, Help>(
  help: (rig: Rig) => Help | Promise<Help>,
  cases: readonly Case<Help>[],
): readonly Case<Rig>[] =>
  cases.map(({ prove, ...rest }) => ({
    ...rest,
    prove: async (rig) => prove(await help(rig)),
  }));

/** Each case on a device of its own. */
export function eachOnItsOwn<Rig extends { stop(): Promise<void> }>(
  name: string,
  cases: readonly Case<Rig>[],
  setUp: () => Promise<Rig>,
): void {
  describe(name, () => {
    let rig: Rig;

    beforeEach(async () => {
      rig = await setUp();
    });
    afterEach(() => rig.stop());

    for (const { title, prove } of applying(cases)) it(title, () => prove(rig));
  });
}

/** All cases on one device, which takes its time to be set up. */
export function allOnOne<Rig extends { close(): Promise<void> }>(
  name: string,
  cases: readonly Case<Rig>[],
  open: () => Promise<Rig>,
): void {
  describe(name, () => {
    let rig: Rig;

    beforeAll(async () => {
      rig = await open();
    }, 60_000);
    afterAll(() => rig.close(), 60_000);

    for (const { title, prove } of applying(cases)) it(title, () => prove(rig));
  });
}
