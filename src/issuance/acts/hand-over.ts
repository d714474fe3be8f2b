import { assert } from '../../base/assert.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { look } from '../card-printer-view.ts';
import { sensorsOf, trouble, type Finding } from '../finding.ts';
import { judgeExit, judgeReject, judgeRetract } from '../judge/judge-card.ts';
import type { Senses } from '../judge/sight.ts';
import { doubleFeed } from '../stock/double-feed.ts';
import { answerTo, faultOf } from './answered.ts';
import { countersNow, moveCard } from './card-command.ts';
import { seeOldCard } from './see-old-card.ts';

/** The old card falls into the bin before the new one is within reach, never after. */
export async function captureOldCard(run: AttemptRun): Promise<Finding> {
  const reader = run.deps.devices.cardReader;
  assert(reader !== null, 'a card reader holds the old card');
  const context = { sessionId: run.sessionId };
  const startedMs = run.deps.clock.monotonicMs();
  const answer = await reader.execute('captureCard', {}, context);
  const facts = answerTo(run, { command: 'captureCard', startedMs }, answer);
  const { events, detail } = await seeOldCard(run, reader, answer.ok);
  if (detail.oldCardFate === 'captured') {
    return { cause: 'done', events, facts, detail: { ...detail, ...countersNow(run) } };
  }
  return {
    cause: 'unfit',
    events,
    facts,
    detail: {
      ...trouble(run.detail, 'readerTrouble', faultOf(answer)),
      ...countersNow(run),
      ...detail,
    },
  };
}

export async function present(run: AttemptRun): Promise<Finding> {
  // Subscribed before the card moves: a quick hand takes it before the command has ended.
  const stop = run.cardPrinter.on('mediaTaken', () => run.taken.set());
  run.stopListening = stop;
  const moved = await moveCard(run, 'presentCard', {}, []);
  const judged = judgeExit(moved.scene);
  const cause =
    run.taken.isSet && judged !== 'inside' ? 'taken' : judged === 'leftAtExit' ? 'atExit' : judged;
  const detail =
    cause === 'inside' || cause === 'unproved'
      ? {
          ...trouble(run.detail, 'outcomeUncertain', faultOf(moved.answer)),
          ...(cause === 'inside' ? countersNow(run) : {}),
        }
      : evidenceOf(cause, run.senses);
  return { cause, facts: { ...moved.said, ...sensorsOf(run.sight) }, detail };
}

/** Waits for the citizen's hand, says it again after half of the time, and then looks. */
export async function awaitTaken(run: AttemptRun): Promise<Finding> {
  if (run.senses?.exitSensor !== true) {
    return { cause: 'presentedUnseen', detail: evidenceOf('presentedUnseen', run.senses) };
  }
  run.say({ kind: 'presented' });
  const { takeMs, takeReminderMs } = run.limits;
  let event = await run.waitFor(run.taken.happened, takeReminderMs);
  if (event === 'timeOut') {
    run.say({ kind: 'takeReminder' });
    event = await run.waitFor(run.taken.happened, takeMs - takeReminderMs);
  }
  if (event !== 'timeOut') return seenTaken();
  run.sight = await look(run.cardPrinter, run.sessionId);
  const cause = run.taken.isSet
    ? 'taken'
    : judgeExit({
        end: 'done',
        before: run.detail.countersBefore,
        sight: run.sight,
        senses: run.senses,
      });
  if (cause === 'taken') return seenTaken();
  return {
    cause,
    facts: sensorsOf(run.sight),
    detail: {
      ...trouble(
        run.detail,
        cause === 'atExit' || cause === 'leftAtExit' ? 'notCollected' : 'outcomeUncertain',
        'notTaken',
      ),
      ...countersNow(run),
    },
  };
}

const seenTaken = (): Finding => ({ cause: 'taken', detail: { evidence: 'sensorSaw' } });

/**
 * What the exit's own sensor saw is more than what the device reports of itself, and that more than what a
 * spooler says that it handed on. Of a device that told nothing the least is believed.
 */
export const evidenceOf = (cause: Finding['cause'], senses: Senses | null) => ({
  evidence: cause === 'taken' ? ('sensorSaw' as const) : (senses?.completedMeans ?? 'hostAccepted'),
});

export async function retract(run: AttemptRun): Promise<Finding> {
  const moved = await moveCard(run, 'retractCard', {}, ['noMedia', 'binFull']);
  const judged = judgeRetract(moved.scene);
  const cause = judged === 'atExit' || judged === 'leftAtExit' ? 'unproved' : judged;
  const facts = { ...moved.said, ...sensorsOf(run.sight) };
  if (cause === 'taken') return { ...seenTaken(), facts };
  const counted = moved.scene.senses?.counters === true;
  return {
    cause,
    facts,
    detail:
      cause === 'done'
        ? { evidence: counted ? 'sensorSaw' : 'deviceReported' }
        : {
            ...trouble(run.detail, 'outcomeUncertain', faultOf(moved.answer)),
            ...countersNow(run),
          },
  };
}

/**
 * Into the reject bin. Once: a second try would be a new announcement, and only recovery makes it. A
 * jammed card is waited for while the citizen stands there: a technician drops it into the bin by
 * hand, whose sensor counts it like any other.
 */
export async function reject(run: AttemptRun): Promise<Finding> {
  const moved = await moveCard(run, 'rejectCard', {}, ['noMedia', 'binFull']);
  if (run.sight?.media === 'jammed') await handsClearJam(run);
  const scene = { ...moved.scene, sight: run.sight };
  const cause = judgeReject(scene) === 'done' ? 'done' : 'unproved';
  const { feeder, attemptId } = run.detail;
  // A printer that fell silent while it fed tells of a second blank only now.
  const events =
    feeder === null ? [] : doubleFeed(run.deps.journal.reader, feeder, scene, attemptId);
  const counted = moved.scene.senses?.rejectCount === true;
  return {
    cause,
    facts: { ...moved.said, ...sensorsOf(run.sight) },
    events,
    detail:
      cause === 'done'
        ? { evidence: counted ? 'sensorSaw' : 'deviceReported' }
        : { evidence: 'none', ...trouble(run.detail, 'outcomeUncertain', faultOf(moved.answer)) },
  };
}

/** Looks until the jam is gone or the time is up; what it then sees is judged by the caller. */
async function handsClearJam(run: AttemptRun): Promise<void> {
  if (run.order === null) return;
  run.say({ kind: 'jammed' });
  const { jamClearMs, jamPollMs } = run.limits;
  const never = new Promise<never>(() => undefined);
  for (let waitedMs = 0; waitedMs < jamClearMs; waitedMs += jamPollMs) {
    await run.waitFor(never, jamPollMs);
    run.sight = await look(run.cardPrinter, run.sessionId);
    if (run.sight !== null && run.sight.media !== 'jammed') return;
  }
}
