import { describe } from '@jest/globals';
import type { MotorReaderParts } from '../../../drivers/simulated-motor-card-reader/parts.ts';
import type { CommandHandlers } from '../../../drivers/contract/driver.ts';
import { err, ok } from '../../../src/base/result.ts';
import { motorCardReaderConformance } from '../motor-card-reader-suite.ts';
import { MOTOR_CAPABILITIES, openMotorReader } from '../motor-simulated.ts';
import { withControls, titleOf, type Mutant } from './mutant.ts';

type Handlers = CommandHandlers<'cardReader'>;

interface SlotMutant extends Mutant {
  /** The commands that it carries out in another way, or that its machine, whose parts these are, does. */
  readonly wrong: (right: Handlers, machine: MotorReaderParts) => Partial<Handlers>;
}

const OTHER = err({ kind: 'commandError', errorCode: 'otherCard' } as const);
const SILENT = err({ kind: 'commandError', errorCode: 'cardSilent' } as const);

const mutants: readonly SlotMutant[] = [
  {
    name: 'claims no bin and has one',
    noticedBy: 'claims the capabilities',
    wrong: () => ({
      getCapabilities: () => Promise.resolve(ok({ ...MOTOR_CAPABILITIES, captureBin: false })),
    }),
  },
  {
    name: 'captures where no card is',
    noticedBy: 'has no card to read',
    wrong: () => ({ captureCard: () => Promise.resolve(ok({ capturedCount: 1 })) }),
  },
  {
    name: 'calls a card that never came another one',
    noticedBy: 'says so when nobody inserts',
    wrong: (right) => ({
      acceptCard: async (params) => {
        const answer = await right.acceptCard(params);
        return answer.ok ? answer : OTHER;
      },
    }),
  },
  {
    name: 'takes whatever card comes',
    noticedBy: 'keeps hold of a card that is not the one',
    wrong: (right) => ({
      acceptCard: (params) => right.acceptCard({ ...params, expectedUidHex: null }),
    }),
  },
  {
    name: 'names a held card as read through a SAM',
    noticedBy: 'names the held card as present',
    wrong: (right) => ({
      readIdentity: async (params) => {
        const answer = await right.readIdentity(params);
        return answer.ok ? SILENT : answer;
      },
    }),
  },
  {
    name: 'reads a dead chip',
    noticedBy: 'accepts a card whose chip is dead',
    wrong: () => ({
      readIdentity: () => Promise.resolve(ok({ assurance: 'present', uidHex: '04a1b2c3d4e5f6' })),
    }),
  },
  {
    name: 'draws in what it has just given back',
    noticedBy: 'does not draw in again',
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
    name: 'gives back and says that it captured',
    noticedBy: 'captures the held card for good',
    wrong: (right) => ({
      captureCard: async () => {
        await right.returnCard({});
        return ok({ capturedCount: 1 });
      },
    }),
  },
  {
    name: 'is a machine whose bin lets the card slide back to the mouth',
    noticedBy: 'captures the held card for good',
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

for (const mutant of withControls(mutants)) {
  const { wrong = () => ({}) } = mutant;
  describe(titleOf(mutant), () => {
    motorCardReaderConformance('it', MOTOR_CAPABILITIES, async () => {
      const rig = await openMotorReader();
      const { driver } = rig;
      const handlers = { ...driver.handlers, ...wrong(driver.handlers, rig.parts) };
      return {
        ...rig,
        driver: {
          deviceClass: driver.deviceClass,
          handlers,
          start: () => driver.start(),
          stop: () => driver.stop(),
        },
      };
    });
  });
}
