import { simulatedReference } from '../../drivers/biometric/simulated-template.ts';
import { profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import type { Outcome } from '../../src/domain/attempt.ts';
import { requestOf } from '../issuance/bench.ts';
import { decided } from '../issuance/fake-finger-sensor.ts';
import { crashAt, type Scenario } from './scenario.ts';

export const kia = requestOf('kia');
const replacement = requestOf('ktpEl', { oldCard: 'toBeCapturedHere', reason: 'damaged' });
export const collected = { collects: true, takesWhileDown: false } as const;

/** The first that they put on the sensor is another. */
const holder = {
  finger: {
    finger: 'rightIndex',
    format: 'iso19794-2',
    templateBase64: simulatedReference('holder', 'rightIndex', 'iso19794-2').toString('base64'),
  },
  asked: [decided('notMatched'), decided('matched')],
} as const;

/** What an in-process core is killed in, with the outcome where nothing befalls it. */
export const scenarios: readonly (readonly [string, Outcome, Scenario])[] = [
  ['a KIA', 'delivered', { request: kia, ...collected }],
  [
    'a KIA taken while core is down',
    'delivered',
    { request: kia, collects: true, takesWhileDown: true },
  ],
  ['a KIA nobody collects', 'retracted', { request: kia, collects: false, takesWhileDown: false }],
  ['a KTP-el replacement with the old card', 'delivered', { request: replacement, ...collected }],
  [
    'a KIA whose ribbon ends',
    'spoiled',
    { request: kia, ...collected, strike: ['print', 'ribbonOut', 'before'] },
  ],
  [
    'a KIA whose feeding nobody answers',
    'spoiled',
    { request: kia, ...collected, strike: ['feed', 'noAnswer', 'after'] },
  ],
  [
    'a KIA jammed at the exit',
    'uncertain',
    { request: kia, ...collected, strike: ['present', 'jam', 'after'] },
  ],
  ['a KK', 'delivered', { request: requestOf('kk'), ...collected }],
  [
    'a KTP-el whose holder is asked for two fingers',
    'delivered',
    { request: requestOf('ktpEl'), ...collected, holder },
  ],
];

/** Printers that can tell less than the fullest one. */
export const lesserProfiles = (
  ['noExitSensor', 'noRetract', 'noRejectCount', 'noPosition', 'noCounters', 'bare'] as const
).map((name) => [name, profiles[name]] as const);

/** Dies at every point of the scenario, or at every `stride`-th, one run each. */
export async function violationsOf(
  scenario: Scenario,
  stride = 1,
): Promise<{
  readonly points: number;
  readonly endedAs: Outcome | null;
  readonly violations: readonly string[];
}> {
  const { points, endedAs } = await crashAt(Number.POSITIVE_INFINITY, scenario);
  const violations: string[] = [];
  let tried = 0;
  for (let k = 0; k < points.length; k += stride) {
    const run = await crashAt(k, scenario);
    tried += 1;
    violations.push(...run.violations.map((text) => `${points[k] ?? k}: ${text}`));
  }
  return { points: tried, endedAs, violations };
}
