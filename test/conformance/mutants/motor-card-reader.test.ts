import type { CommandHandlers, EmitEvent } from '../../../drivers/contract/driver.ts';
import type { MotorReaderParts } from '../../../drivers/simulated-motor-card-reader/parts.ts';
import { err, ok } from '../../../src/base/result.ts';
import { motorCardReaderCases, type MotorCardReaderRig } from '../motor-card-reader-suite.ts';
import { MOTOR_CAPABILITIES, openMotorReader } from '../motor-simulated.ts';
import { answering, driverWith, proveSuite, saying, type Mutant } from './proved.ts';

type Handlers = CommandHandlers<'cardReader'>;
type Emit = EmitEvent<'cardReader'>;

interface SlotMutant extends Mutant {
  /** The commands that it carries out in another way, or that its machine, whose parts these are, does. */
  readonly wrong?: (right: Handlers, machine: MotorReaderParts) => Partial<Handlers>;
  /** What becomes of an event on its way out. */
  readonly emitting?: (emit: Emit) => Emit;
}

const answers = answering<'cardReader'>();
const says = saying<'cardReader'>();
const OTHER = err({ kind: 'commandError', errorCode: 'otherCard' } as const);
const SILENT = err({ kind: 'commandError', errorCode: 'cardSilent' } as const);

const not =
  (kept: string) =>
  (emit: Emit): Emit =>
  (event, payload) => {
    if (event !== kept) emit(event, payload);
  };

const mutants: readonly SlotMutant[] = [
  {
    is: 'claims no bin and has one',
    noticedBy: ['claims the capabilities'],
    wrong: says('getCapabilities', (told) => ({ ...told, captureBin: false })),
  },
  {
    is: 'captures where no card is',
    noticedBy: ['has no card to read'],
    wrong: () => ({ captureCard: () => Promise.resolve(ok({ capturedCount: 1 })) }),
  },
  {
    is: 'calls a card that never came another one',
    noticedBy: ['says so when nobody inserts'],
    wrong: answers('acceptCard', (answer) => (answer.ok ? answer : OTHER)),
  },
  {
    is: 'does not tell that a card came in',
    noticedBy: ['draws a card in'],
    emitting: not('cardInserted'),
  },
  {
    is: 'gives back at once what it drew in',
    noticedBy: ['draws a card in', 'keeps hold of a card'],
    wrong: (right) => ({
      acceptCard: async (params) => {
        const answer = await right.acceptCard(params);
        await right.returnCard({});
        return answer;
      },
    }),
  },
  {
    is: 'takes whatever card comes',
    noticedBy: ['keeps hold of a card that is not the one'],
    wrong: (right) => ({
      acceptCard: (params) => right.acceptCard({ ...params, expectedUidHex: null }),
    }),
  },
  {
    is: 'gives nothing back and says it did',
    noticedBy: ['keeps hold of a card that is not the one'],
    wrong: () => ({ returnCard: () => Promise.resolve(ok({})) }),
  },
  {
    is: 'cannot name the card that it holds',
    noticedBy: ['names the held card as present'],
    wrong: answers('readIdentity', (answer) => (answer.ok ? SILENT : answer)),
  },
  {
    is: 'names the card that it held first',
    noticedBy: ['names the held card as present'],
    wrong: says('readIdentity', (told) => ({ ...told, uidHex: '04000000000000' })),
  },
  {
    is: 'reads a dead chip',
    noticedBy: ['accepts a card whose chip is dead'],
    wrong: () => ({
      readIdentity: () => Promise.resolve(ok({ assurance: 'present', uidHex: '04a1b2c3d4e5f6' })),
    }),
  },
  {
    is: 'draws in what it has just given back',
    noticedBy: ['does not draw in again'],
    wrong: (right) => {
      let drawn: Awaited<ReturnType<Handlers['acceptCard']>> | null = null;
      return {
        acceptCard: async (params) => {
          const answer = drawn ?? (await right.acceptCard(params));
          if (answer.ok) drawn = answer;
          return answer;
        },
      };
    },
  },
  {
    is: 'does not tell that a card was taken',
    noticedBy: ['does not draw in again'],
    emitting: not('cardRemoved'),
  },
  {
    is: 'gives back and says that it captured',
    noticedBy: ['captures the held card for good'],
    wrong: (right) => ({
      captureCard: async () => {
        await right.returnCard({});
        return ok({ capturedCount: 1 });
      },
    }),
  },
  {
    is: 'captures and does not count it',
    noticedBy: ['captures the held card for good'],
    wrong: says('captureCard', () => ({ capturedCount: 0 })),
  },
  {
    is: 'lets the card slide back from its bin to the mouth',
    noticedBy: ['captures the held card for good'],
    wrong: (right, machine) => ({
      captureCard: async () => {
        const answer = await right.captureCard({});
        const { uidHex = null } = machine.captureBin.at(-1) ?? {};
        machine.mouth = { uidHex, givenBack: false };
        return answer;
      },
    }),
  },
];

async function on(
  { wrong = () => ({}), emitting }: Partial<SlotMutant>,
  prove: (rig: MotorCardReaderRig) => Promise<void>,
): Promise<void> {
  const rig = await openMotorReader(emitting);
  const { driver, parts } = rig;
  try {
    await prove({ ...rig, driver: driverWith(driver, wrong(driver.handlers, parts)) });
  } finally {
    await rig.stop();
  }
}

proveSuite('slots that draw cards in', [
  { cases: motorCardReaderCases(MOTOR_CAPABILITIES), mutants, on },
]);
