import type { AttemptProblem } from '../domain/attempt-problem.ts';
import type { Question } from './attempt-rule.ts';
import type { AttemptRun } from './attempt-run.ts';
import { askSenses, look } from './card-printer-view.ts';
import { countersWentBack } from './counter-watch.ts';
import { countersNow } from './acts/card-command.ts';
import { evidenceOf } from './acts/hand-over.ts';
import { seeOldCard } from './acts/see-old-card.ts';
import { judge as judgePaper, settleJob } from './acts/paper.ts';
import { sensorsOf, trouble, type Finding } from './finding.ts';
import {
  judgeExit,
  judgeFeed,
  judgeInside,
  judgeReject,
  judgeRetract,
  type CommandEnd,
  type Scene,
} from './judge/judge-card.ts';
import { doubleFeed } from './stock/double-feed.ts';

export type Questions = Readonly<Record<Question, (run: AttemptRun) => Promise<Finding>>>;

/** The code of a fault whose only cause is that the last run of core ended in the middle. */
const RESTARTED = 'restarted';

export const questions: Questions = {
  nothing: (run) => Promise.resolve(oldSession(run)),
  readReservation: async (run) => {
    const answer = await run.deps.registry.requests.readReservation(run.detail.attemptId, {
      deadlineMs: run.limits.registryMs,
    });
    const never = !answer.ok && answer.error.kind === 'unknownReservation';
    return never ? { ...oldSession(run), cause: 'refused' } : oldSession(run);
  },
  wasBlankFed: (run) => atPrinter(run, 'unheard', judgeFeed),
  isCardInside: (run) => atPrinter(run, 'unheard', judgeInside),
  // The old card may have fallen into the bin and nobody recorded it: it would be asked for again for ever.
  whereAreBothCards: async (run) => {
    const old = await seeOldCard(run, run.deps.devices.cardReader, false);
    const found = await atPrinter(run, 'unheard', judgeInside);
    return {
      ...found,
      events: [...old.events, ...(found.events ?? [])],
      detail: { ...found.detail, ...old.detail },
    };
  },
  // That the card was presented is on record once the state says so; before, nobody heard the end of it.
  isCardOut: (run) =>
    atPrinter(run, run.detail.state === 'presented' ? 'done' : 'unheard', judgeExit),
  wasCardRetracted: (run) => atPrinter(run, 'unheard', judgeRetract),
  wasCardRejected: (run) => atPrinter(run, 'unheard', judgeReject),
  whatBecameOfJob: async (run) => {
    if (run.deps.devices.pagePrinter === null) return paperUnproved(run);
    const { job } = await settleJob(run);
    const judged = await judgePaper(run, job);
    return judged.cause === 'done' ? judged : { ...judged, ...paperUnproved(run) };
  },
};

async function atPrinter(
  run: AttemptRun,
  end: CommandEnd,
  judge: (scene: Scene) => Finding['cause'],
): Promise<Finding> {
  if (run.deps.devices.cardPrinter === null) return unproved(run);
  run.sight = await look(run.cardPrinter, null);
  run.senses = await askSenses(run.cardPrinter, null);
  const { sight, senses } = run;
  const { countersBefore: before, feeder, attemptId } = run.detail;
  const scene = { end, before, sight, senses };
  const { reader } = run.deps.journal;
  const events = [
    ...(feeder === null ? [] : doubleFeed(reader, feeder, scene, attemptId)),
    // What is seen now becomes what the next look is held against.
    ...countersWentBack(reader, run.cardPrinter.name, sight?.counters ?? null),
  ];
  const cause = judge(scene);
  const facts = sensorsOf(sight);
  if (cause === 'taken' || cause === 'presentedUnseen') {
    return { cause, facts, events, detail: evidenceOf(cause, senses) };
  }
  if (cause === 'done') {
    return {
      cause,
      facts,
      events,
      detail: { evidence: senses?.counters === true ? 'sensorSaw' : 'deviceReported' },
    };
  }
  if (cause === 'unproved' || cause === 'leftAtExit')
    return { ...unproved(run), cause, facts, events };
  const problem: AttemptProblem = cause === 'atExit' ? 'notCollected' : 'printFailedCardKept';
  return {
    cause,
    facts,
    events,
    detail: { ...trouble(run.detail, problem, RESTARTED), ...countersNow(run) },
  };
}

const oldSession = (run: AttemptRun): Finding => ({
  cause: 'oldSession',
  detail: run.detail.comesTo === null ? trouble(run.detail, 'cancelled', RESTARTED) : {},
});

const unproved = (run: AttemptRun): Finding => ({
  cause: 'unproved',
  detail: { evidence: 'none', ...trouble(run.detail, 'outcomeUncertain', RESTARTED) },
});

const paperUnproved = (run: AttemptRun): Finding => ({
  cause: 'unproved',
  detail: { evidence: 'none', ...trouble(run.detail, 'paperUncertain', RESTARTED) },
});
