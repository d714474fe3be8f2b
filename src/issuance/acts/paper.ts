import { assert } from '../../base/assert.ts';
import type { PageJob } from '../../../drivers/contract/page-printer.ts';
import type { AttemptRun } from '../attempt-run.ts';
import { trouble, type Finding } from '../finding.ts';
import { isJobAlive, judgeJob } from '../judge/judge-paper.ts';
import { answerTo, commandEndOf, faultOf } from './answered.ts';
import { tellStops } from './tell-stops.ts';

/** Sends the signed file once, byte for byte, under the attempt's id as the job's name. */
export async function printPaper(run: AttemptRun): Promise<Finding> {
  const { document, detail, pagePrinter, sessionId } = run;
  assert(document?.media === 'plainPaper', 'a paper attempt has a checked PDF');
  const startedMs = run.deps.clock.monotonicMs();
  const endTelling = tellStops(run);
  const answer = await pagePrinter.execute(
    'printPdf',
    { pdfBase64: document.pdf, jobName: detail.attemptId, pages: document.pages },
    { sessionId },
  );
  endTelling();
  const said = answerTo(run, { command: 'printPdf', startedMs }, answer);
  const end = commandEndOf(answer, ['rejected']);
  const refused = end === 'refused' || end === 'notStarted';
  const found = answer.ok ? { job: answer.value, known: true } : await settleJob(run);
  // A refusal proves that no sheet moved only where the printer knows of no such job either.
  if (refused && found.known && found.job === null) {
    const code = faultOf(answer);
    return {
      cause: 'nothingMoved',
      facts: said,
      detail: trouble(detail, 'printerTrouble', code),
    };
  }
  const judged = await judge(run, found.job);
  return {
    ...judged,
    facts: { ...said, ...judged.facts },
    ...(judged.cause === 'done' ? {} : doubt(run, answer)),
  };
}

const doubt = (run: AttemptRun, answer: Parameters<typeof faultOf>[0]) => ({
  detail: { evidence: 'none' as const, ...trouble(run.detail, 'paperUncertain', faultOf(answer)) },
});

/** Says `done` with the printer's evidence, or `unclear`. */
export async function judge(run: AttemptRun, job: PageJob | null): Promise<Finding> {
  const asked = await run.pagePrinter.execute('getCapabilities', {}, { sessionId: run.sessionId });
  const capabilities = asked.ok ? asked.value : run.pagePrinter.health().capabilities;
  const pages = run.detail.pages ?? 0;
  const sheets = { asked: pages, stacked: job?.impressionsCompleted ?? null };
  if (capabilities === null) return { cause: 'unclear', facts: { sheets } };
  const cause = judgeJob(job, { pages, ...capabilities });
  return {
    cause,
    facts: { sheets },
    ...(cause === 'done' ? { detail: { evidence: capabilities.completedMeans } } : {}),
  };
}

/** Finds the job, and ends it where it may still put out sheets. `known` is false where nobody answers. */
export async function settleJob(
  run: AttemptRun,
): Promise<{ readonly job: PageJob | null; readonly known: boolean }> {
  const { pagePrinter, sessionId } = run;
  const ask = { jobName: run.detail.attemptId };
  const found = await pagePrinter.execute('findJob', ask, { sessionId });
  if (!found.ok) return { job: null, known: false };
  if (found.value === null || !isJobAlive(found.value)) return { job: found.value, known: true };
  await pagePrinter.execute('cancelJob', { jobId: found.value.jobId }, { sessionId });
  const again = await pagePrinter.execute('findJob', ask, { sessionId });
  return again.ok ? { job: again.value, known: true } : { job: found.value, known: false };
}

/** Nobody but the citizen can know; who says nothing leaves it uncertain, and that is what is recorded. */
export async function askCitizen(run: AttemptRun): Promise<Finding> {
  run.say({ kind: 'paperUnclear', pages: run.detail.pages ?? 0 });
  const answer = await run.waitFor(run.paperAnswer.happened, run.limits.askCitizenMs);
  if (answer !== 'timeOut' && answer.value) {
    return { cause: 'taken', detail: { evidence: 'citizenSaid', problem: null } };
  }
  const faultCode = answer === 'timeOut' ? 'citizenSilent' : 'citizenHasItNot';
  return {
    cause: 'unproved',
    // The attempt keeps the printer's fault, which came first; this state is about the answer.
    facts: { faultCode },
    detail: trouble(run.detail, 'paperUncertain', faultCode),
  };
}
