import type { PageJob, PagePrinterCapabilities } from '../../../drivers/contract/page-printer.ts';

/**
 * Whether every sheet came out. `completed` with the right count, or without one from a printer that
 * does not count, is all that proves it; `canceled` and `aborted` say nothing of sheets that are out. A
 * spooler's `completed` proves none: it may follow a job that the printer gave up.
 */
export function judgeJob(
  job: PageJob | null,
  asked: PagePrinterCapabilities & { readonly pages: number },
): 'done' | 'unclear' {
  if (job?.state !== 'completed' || asked.completedMeans === 'hostAccepted') return 'unclear';
  const troubled = job.reasons.some((reason) => reason === 'job-completed-with-errors');
  if (troubled) return 'unclear';
  if (!asked.impressionCount) return 'done';
  return job.impressionsCompleted === asked.pages ? 'done' : 'unclear';
}

/** The job may still put out sheets. */
export const isJobAlive = (job: PageJob): boolean =>
  job.state !== 'completed' && job.state !== 'canceled' && job.state !== 'aborted';
