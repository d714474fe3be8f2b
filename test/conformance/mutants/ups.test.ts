import type { CommandHandlers } from '../../../drivers/contract/driver.ts';
import type { Power, UpsStatus } from '../../../drivers/contract/ups.ts';
import { EVERYTHING, onSimulator } from '../ups-simulated.ts';
import { MAINS, upsCases, type Scene, type UpsUnderTest } from '../ups-suite.ts';
import { driverWith, proveSuite, saying, type Mutant } from './proved.ts';

type Handlers = CommandHandlers<'ups'>;
type Wrong = (right: Handlers, ups: UpsUnderTest) => Partial<Handlers>;

interface UpsMutant extends Mutant {
  /** What the UPS says in the place of what is so. */
  readonly playing?: (scene: Scene) => Scene;
  readonly wrong?: Wrong;
  readonly deafToStop?: true;
}

/** Changes what the driver answers when it is asked how it is. */
const withStatus =
  (change: (status: UpsStatus, ups: UpsUnderTest) => UpsStatus): Wrong =>
  (right, ups) =>
    saying<'ups'>()('getStatus', (status) => change(status, ups))(right);

const mutants: readonly UpsMutant[] = [
  {
    is: 'claims no figures and has them',
    noticedBy: ['claims the capabilities'],
    wrong: saying<'ups'>()('getCapabilities', () => ({ runtime: false, charge: false })),
  },
  {
    is: 'calls a discharging battery mains',
    noticedBy: ['tells by itself that the mains went', 'shows other figures'],
    playing: (scene) => ({ ...scene, status: scene.status.replace(/^OB/, 'OL') }),
  },
  {
    is: 'never calls a battery low',
    noticedBy: ['tells a low battery'],
    playing: (scene) => ({ ...scene, status: scene.status.replace(' LB', '') }),
  },
  {
    is: 'tells of mains with something wrong',
    noticedBy: ['tells mains as mains'],
    wrong: withStatus((status) => ({ ...status, reasons: ['onBattery'] })),
  },
  {
    is: 'says a low battery as often as it is asked',
    noticedBy: ['tells a low battery'],
    wrong: withStatus((status, ups) => {
      if (status.power.batteryLow === true) ups.events.push('powerChanged', status.power);
      return status;
    }),
  },
  {
    is: 'makes news of every figure',
    noticedBy: ['shows other figures'],
    wrong: withStatus((status, ups) => {
      ups.events.push('powerChanged', status.power);
      return status;
    }),
  },
  {
    is: 'goes on believing what a lost UPS said last',
    noticedBy: ['knows nothing of the power while the UPS is lost', 'takes a battery for unknown'],
    wrong: (right, ups) => {
      let known: Power | null = null;
      return withStatus((status) => {
        if (status.power.source !== 'unknown') known = status.power;
        return { ...status, power: known ?? status.power };
      })(right, ups);
    },
  },
  { is: 'goes on when stopped', noticedBy: ['says nothing more once'], deafToStop: true },
];

proveSuite('UPSes', [
  {
    cases: upsCases(EVERYTHING),
    mutants,
    on: async ({ playing = (scene: Scene) => scene, wrong = () => ({}), deafToStop }, prove) => {
      const right = await onSimulator(EVERYTHING, playing(MAINS));
      const { driver, events } = right;
      const stop = deafToStop === true ? () => Promise.resolve() : undefined;
      try {
        await prove({
          ...right,
          play: (scene) => right.play(playing(scene)),
          driver: driverWith(driver, wrong(driver.handlers, right), stop),
        });
      } finally {
        events.end();
        await right.close();
      }
    },
  },
]);
