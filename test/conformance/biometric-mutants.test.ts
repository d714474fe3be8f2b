import { afterEach, describe, expect, it } from '@jest/globals';
import type { BiometricCapabilities } from '../../drivers/contract/biometric.ts';
import { SIMULATED_ENGINE, SimulatedEngine } from '../../drivers/biometric/simulator.ts';
import {
  engineInMemoryRig,
  type EngineInMemoryRig,
  type MakeEngine,
} from '../drivers/biometric/engine-rigs.ts';
import { biometricCases } from './biometric-suite.ts';

const CAPABILITIES: BiometricCapabilities = {
  engine: SIMULATED_ENGINE,
  presentationAttackDetection: true,
  formats: ['iso19794-2', 'iso19794-2-compact'],
};

/** An engine each of whose lines is changed on its way. */
const saying =
  (change: (line: string) => string): MakeEngine =>
  (parts) =>
    new SimulatedEngine({ ...parts, write: (line) => parts.write(change(line)) });

type Finger = Parameters<SimulatedEngine['put']>[0];

/** Goes on with the finger that was there first, whichever is laid down. */
class StickyFinger extends SimulatedEngine {
  #first: Finger | null = null;

  override put(finger: Finger): void {
    this.#first ??= finger;
    super.put(this.#first);
  }
}

const undecided = /"type":"undecided","id":(\d+),"reason":"\w+"/;
const asDecided =
  '"type":"decided","id":$1,"decision":"matched","captureQuality":80,"falseMatchPerMillion":1';

const mutants: readonly { name: string; make: MakeEngine; killedBy: readonly string[] }[] = [
  {
    name: 'an engine that matches everybody',
    make: saying((line) => line.replace('notMatched', 'matched')),
    killedBy: [
      'does not match the finger of another person',
      'does not match another finger of the same person',
      'compares with iso19794-2-compact',
    ],
  },
  {
    name: 'an engine that matches nobody',
    make: saying((line) => line.replace('"matched"', '"notMatched"')),
    killedBy: ['asks for a finger, and matches the one that the reference is of'],
  },
  {
    name: 'an engine that decides what it cannot know',
    make: saying((line) => line.replace(undecided, asDecided)),
    killedBy: [
      'decides nothing where nobody lays a finger down in time',
      'decides nothing on a poor finger, and takes a better one in time',
      'decides nothing on a reference that is none',
      'says of a copy of a finger that it is one, and decides nothing',
    ],
  },
  {
    name: 'an engine that calls any trouble a mismatch',
    make: saying((line) => line.replace(undecided, asDecided.replace('"matched"', '"notMatched"'))),
    killedBy: ['decides nothing where nobody lays a finger down in time'],
  },
  {
    name: 'an engine that keeps the finger it had',
    make: (parts) => new StickyFinger(parts),
    killedBy: ['decides each time anew: no match is left over for whoever comes next'],
  },
  {
    name: 'an engine that sees no attack and says it does',
    make: (parts) =>
      new SimulatedEngine({
        ...parts,
        presentationAttackDetection: false,
        write: (line) => parts.write(line.replace('Detection":false', 'Detection":true')),
      }),
    killedBy: ['says of a copy of a finger that it is one, and decides nothing'],
  },
];

describe('the suite of a biometric device', () => {
  let rig: EngineInMemoryRig | null = null;

  afterEach(() => rig?.stop());

  const cases = mutants.flatMap(({ killedBy, ...mutant }) =>
    killedBy.map((title) => ({ ...mutant, title })),
  );
  it.each(cases)('kills $name: $title', async ({ make, title }) => {
    rig = await engineInMemoryRig(make);
    const strict = biometricCases(CAPABILITIES).find((one) => one.title === title);
    await expect(strict?.run(rig, CAPABILITIES)).rejects.toThrow();
  });
});
