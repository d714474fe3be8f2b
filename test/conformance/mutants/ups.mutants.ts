import { describe } from '@jest/globals';
import type { CommandHandlers, Driver } from '../../../drivers/contract/driver.ts';
import type { Power, UpsStatus } from '../../../drivers/contract/ups.ts';
import { ok } from '../../../src/base/result.ts';
import { EVERYTHING, onSimulator } from '../ups-simulated.ts';
import { upsConformance, type Scene, type UpsUnderTest } from '../ups-suite.ts';
import { withControls, titleOf, type Mutant } from './mutant.ts';

interface UpsMutant extends Mutant {
  /** What the UPS says in the place of what is so. */
  readonly saying?: (scene: Scene) => Scene;
  readonly wrong?: (ups: UpsUnderTest) => Partial<Driver<'ups'>>;
}

const withHandlers = (
  wrong: (right: CommandHandlers<'ups'>, ups: UpsUnderTest) => Partial<CommandHandlers<'ups'>>,
): Pick<UpsMutant, 'wrong'> => ({
  wrong: (ups) => {
    const right = ups.driver.handlers;
    return { handlers: { ...right, ...wrong(right, ups) } };
  },
});

/** Changes what the driver answers when it is asked how it is. */
const withStatus = (
  change: (status: UpsStatus, ups: UpsUnderTest) => UpsStatus,
): Pick<UpsMutant, 'wrong'> =>
  withHandlers((right, ups) => ({
    getStatus: async (params) => {
      const answer = await right.getStatus(params);
      return answer.ok ? ok(change(answer.value, ups)) : answer;
    },
  }));

const mutants: readonly UpsMutant[] = [
  {
    name: 'claims no figures and has them',
    noticedBy: 'claims the capabilities',
    ...withHandlers(() => ({
      getCapabilities: () => Promise.resolve(ok({ runtime: false, charge: false })),
    })),
  },
  {
    name: 'calls a discharging battery mains',
    noticedBy: 'tells by itself that the mains went',
    saying: (scene) => ({ ...scene, status: scene.status.replace(/^OB/, 'OL') }),
  },
  {
    name: 'never calls a battery low',
    noticedBy: 'tells a low battery',
    saying: (scene) => ({ ...scene, status: scene.status.replace(' LB', '') }),
  },
  {
    name: 'tells of mains with something wrong',
    noticedBy: 'tells mains as mains',
    ...withStatus((status) => ({ ...status, reasons: ['onBattery'] })),
  },
  {
    name: 'makes news of every figure',
    noticedBy: 'shows other figures',
    ...withStatus((status, ups) => {
      ups.events.push('powerChanged', status.power);
      return status;
    }),
  },
  {
    name: 'goes on believing what a lost UPS said last',
    noticedBy: 'knows nothing of the power while the UPS is lost',
    ...(() => {
      let known: Power | null = null;
      return withStatus((status) => {
        if (status.power.source !== 'unknown') known = status.power;
        return { ...status, power: known ?? status.power };
      });
    })(),
  },
  {
    name: 'goes on when stopped',
    noticedBy: 'says nothing more once',
    wrong: () => ({ stop: () => Promise.resolve() }),
  },
];

for (const mutant of withControls(mutants)) {
  const { saying = (scene: Scene) => scene, wrong = () => ({}) } = mutant;
  describe(titleOf(mutant), () => {
    upsConformance('it', EVERYTHING, async (first) => {
      const right = await onSimulator(EVERYTHING, saying(first));
      const { driver } = right;
      return {
        ...right,
        play: (scene) => right.play(saying(scene)),
        driver: {
          deviceClass: driver.deviceClass,
          handlers: driver.handlers,
          start: () => driver.start(),
          stop: () => driver.stop(),
          ...wrong(right),
        },
      };
    });
  });
}
