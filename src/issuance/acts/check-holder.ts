import type { FingerPosition } from '../../../drivers/contract/biometric.ts';
import { err, ok } from '../../base/result.ts';
import type { JournalEventOf } from '../../journal/catalogue.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { sensorsOf, trouble, type Finding } from '../finding.ts';
import type { FingerSensor, HolderMatch } from '../ports.ts';
import { HOLDER_TRIES } from '../time-limits.ts';
import { countersNow } from './card-command.ts';
import { cardOf } from './prepare.ts';

type Tried = JournalEventOf<'attempt.holderTried'>;
type HolderCheck = 'matched' | 'notMatched' | 'notDecided' | 'waived';

/** Whether the order asks for a check at all; where it does not, the card may go. */
export function beginHolderCheck(run: AttemptRun): Promise<Finding> {
  const { holderCheck } = cardOf(run).order;
  const finding: Finding =
    holderCheck === 'notRequired' ? mayGo(run, holderCheck, []) : { cause: 'doneHolderNext' };
  return Promise.resolve(finding);
}

/**
 * Whether the person at the terminal is the holder of the chip just written, while the card is still out of
 * reach. Nothing but a match, or an officer's word, presents it; silence, a finger that nothing was decided of and a
 * sensor that breaks are none.
 */
export async function checkHolder(run: AttemptRun): Promise<Finding> {
  const tried: Tried[] = [];
  const holderCheck = await resultOf(run, tried);
  if (holderCheck === 'matched' || holderCheck === 'waived') return mayGo(run, holderCheck, tried);
  const problem = holderCheck === 'notMatched' ? 'holderNotMatched' : 'holderNotChecked';
  return {
    cause: 'unfit',
    facts: { holderCheck, ...sensorsOf(run.sight) },
    events: tried,
    detail: { ...trouble(run.detail, problem, problem), ...countersNow(run) },
  };
}

function mayGo(
  run: AttemptRun,
  holderCheck: 'matched' | 'waived' | 'notRequired',
  tried: readonly Tried[],
): Finding {
  const { oldCard, oldCardFate } = run.detail;
  return {
    // An earlier attempt may have captured it and spoiled its blank afterwards.
    cause:
      oldCard === 'toBeCapturedHere' && oldCardFate !== 'captured' ? 'doneOldCardNext' : 'done',
    facts: { holderCheck, ...sensorsOf(run.sight) },
    events: tried,
    detail: countersNow(run),
  };
}

async function resultOf(run: AttemptRun, tried: Tried[]): Promise<HolderCheck> {
  const { fingers } = cardOf(run);
  run.sayStep('checkingHolder');
  const matched = await tryFingers(run, fingers, tried);
  if (matched) return 'matched';
  if (!run.waived.isSet) {
    run.say({ kind: 'waiverAwaited' });
    await run.waitFor(run.waived.happened, run.limits.waiverMs);
  }
  if (run.waived.isSet) return 'waived';
  return tried.some(({ result }) => result === 'notMatched') ? 'notMatched' : 'notDecided';
}

/** The fingers on the chip in turn, for as long as there are tries and nobody waived it. */
async function tryFingers(
  run: AttemptRun,
  fingers: readonly FingerPosition[],
  tried: Tried[],
): Promise<boolean> {
  const sensor = run.deps.devices.fingerSensor ?? null;
  if (sensor === null) return false;
  const station: FingerSensor = {
    async lend(to) {
      const lent = await sensor.lend('captureAndMatch', to, { sessionId: run.sessionId });
      return lent.ok ? ok(undefined) : err({ kind: 'deviceGone' });
    },
  };
  for (let tries = 0; tries < HOLDER_TRIES && !run.waived.isSet; tries += 1) {
    const finger = fingers[tries % Math.max(1, fingers.length)];
    if (finger === undefined) return false;
    const ask = { kind: 'fingerAsked', finger, triesLeft: HOLDER_TRIES - tries } as const;
    run.say(ask);
    const stop = sensor.on('guidance', ({ guidance }) => run.say({ ...ask, guidance }));
    const match = await run.deps.documents.matchHolder(run.detail.attemptId, finger, station);
    stop();
    tried.push({
      kind: 'attempt.holderTried',
      attemptId: run.detail.attemptId,
      finger,
      result: wordOf(match),
      captureQuality: match.ok ? match.value.captureQuality : null,
      engine: sensor.health().capabilities?.engine ?? null,
    });
    if (match.ok && match.value.decision === 'matched') return true;
    if (!match.ok && match.error.kind !== 'commandError') return false;
  }
  return false;
}

/** In the sensor's words; what kept it from deciding at all, by the kind of it. */
const wordOf = (match: HolderMatch): string => {
  if (match.ok) return match.value.decision;
  return match.error.kind === 'commandError' ? match.error.errorCode : match.error.kind;
};
