import type { BiometricCapabilities } from '../../../drivers/contract/biometric.ts';
import type { CommandHandlers } from '../../../drivers/contract/driver.ts';
import { SIMULATED_ENGINE, SimulatedEngine } from '../../../drivers/biometric/simulator.ts';
import { ok } from '../../../src/base/result.ts';
import { engineInMemoryRig, type MakeEngine } from '../../drivers/biometric/engine-rigs.ts';
import { biometricCases, type BiometricRig, type Format } from '../biometric-suite.ts';
import { answering, driverWith, proveSuite, type Mutant, type Subject } from './proved.ts';

type Handlers = CommandHandlers<'biometric'>;

interface EngineMutant extends Mutant {
  readonly make?: MakeEngine;
  readonly wrong?: (right: Handlers) => Partial<Handlers>;
  readonly deafToStop?: true;
}

/** An engine each of whose lines is changed on its way, or lost where it is made null. */
const telling =
  (change: (line: string) => string | null): MakeEngine =>
  (parts) =>
    new SimulatedEngine({
      ...parts,
      write: (line) => {
        const told = change(line);
        if (told !== null) parts.write(told);
      },
    });

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

const mutants: readonly EngineMutant[] = [
  {
    is: 'claims to see no attack and does',
    noticedBy: ['claims the capabilities'],
    make: telling((line) => line.replace('Detection":true', 'Detection":false')),
  },
  {
    is: 'begins without its sensor',
    noticedBy: ['is online once its engine'],
    make: telling((line) => line.replace('"sensor":"ready"', '"sensor":"absent"')),
  },
  {
    is: 'matches everybody',
    noticedBy: [
      'does not match the finger of another person',
      'does not match another finger of the same person',
      'compares with iso19794-2',
      'compares with iso19794-2-compact',
    ],
    make: telling((line) => line.replace('notMatched', 'matched')),
  },
  {
    is: 'matches nobody',
    noticedBy: ['asks for a finger, and matches', 'compares with iso19794-2'],
    make: telling((line) => line.replace('"matched"', '"notMatched"')),
  },
  {
    is: 'decides what it cannot know',
    noticedBy: [
      'decides nothing where nobody lays a finger down',
      'decides nothing on a poor finger',
      'decides nothing on a reference that is none',
      'says of a copy of a finger that it is one',
    ],
    make: telling((line) => line.replace(undecided, asDecided)),
  },
  {
    is: 'calls any trouble a mismatch',
    noticedBy: ['decides nothing where nobody lays a finger down'],
    make: telling((line) =>
      line.replace(undecided, asDecided.replace('"matched"', '"notMatched"')),
    ),
  },
  {
    is: 'keeps the finger it had',
    noticedBy: ['decides each time anew'],
    make: (parts) => new StickyFinger(parts),
  },
  {
    is: 'sees no attack and says that it does',
    noticedBy: ['says of a copy of a finger that it is one'],
    make: (parts) =>
      new SimulatedEngine({
        ...parts,
        presentationAttackDetection: false,
        write: (line) => parts.write(line.replace('Detection":false', 'Detection":true')),
      }),
  },
  {
    is: 'does not say that its sensor went',
    noticedBy: ['is away while its sensor is'],
    make: telling((line) => (line.includes('"sensor":"absent"') ? null : line)),
  },
  {
    is: 'does not say that its sensor is back',
    noticedBy: ['is away while its sensor is'],
    make: telling((line) => (line.startsWith('{"type":"sensor","sensor":"ready"') ? null : line)),
  },
  {
    is: 'takes the death of its engine for a mismatch',
    noticedBy: ['knows of no decision of an engine that died'],
    wrong: answering<'biometric'>()('captureAndMatch', (answer) =>
      !answer.ok && answer.error.kind === 'deviceGone'
        ? ok({ decision: 'notMatched', captureQuality: 80, falseMatchPerMillion: 1 })
        : answer,
    ),
  },
  { is: 'goes on when stopped', noticedBy: ['says nothing more once'], deafToStop: true },
];

const foreign: readonly EngineMutant[] = [
  {
    is: 'takes one format for the other',
    noticedBy: ['refuses a format'],
    wrong: (right) => ({
      captureAndMatch: (asked) => right.captureAndMatch({ ...asked, format: 'iso19794-2' }),
    }),
  },
];

const on =
  (asItIs: MakeEngine): Subject<BiometricRig, EngineMutant>['on'] =>
  async ({ make = asItIs, wrong = () => ({}), deafToStop }, prove) => {
    const right = await engineInMemoryRig(make);
    const { driver } = right;
    const stop = deafToStop === true ? () => Promise.resolve() : undefined;
    try {
      await prove({ ...right, driver: driverWith(driver, wrong(driver.handlers), stop) });
    } finally {
      await right.stop();
    }
  };

const withFormats = (formats: Format[]): BiometricCapabilities => ({
  engine: SIMULATED_ENGINE,
  presentationAttackDetection: true,
  formats,
});

proveSuite('biometric devices', [
  {
    cases: biometricCases(withFormats(['iso19794-2', 'iso19794-2-compact'])),
    mutants,
    on: on((parts) => new SimulatedEngine(parts)),
  },
  {
    cases: biometricCases(withFormats(['iso19794-2'])),
    mutants: foreign,
    on: on(telling((line) => line.replace(',"iso19794-2-compact"', ''))),
  },
]);
