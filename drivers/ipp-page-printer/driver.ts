import * as z from 'zod';
import { systemClock, type Clock, type TimerHandle } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type {
  CommandResult,
  Driver,
  DriverFactory,
  EmitEvent,
  Params,
} from '../contract/driver.ts';
import type { PagePrinterCapabilities, PagePrinterStatus } from '../contract/page-printer.ts';
import { StatusTeller } from '../contract/status-teller.ts';
import type { CommandFailure } from '../contract/command.ts';
import { JobControl, type Choose } from '../ipp/job-control.ts';
import { sizeToAskFor } from '../ipp/media-size.ts';
import { OldJobs } from '../ipp/old-jobs.ts';
import { PrinterClient } from '../ipp/printer-client.ts';
import { completedMeansOf, ippAddressOptions, misfitOf } from '../ipp/printer-facts.ts';
import type { PrinterAttributes } from '../ipp/printer-state.ts';
import { misfitting, OLD_JOB, statusWithout, withOldJob } from '../ipp/trouble.ts';
import { statusOfPrinter } from './status.ts';

/** How often an idle printer is asked whether paper or toner ran out, so that the screen knows beforehand. */
const STATUS_EVERY_MS = 3_000;
/** Below the contract's limit for printPdf, so that the answer is ours and not the host's. */
const JOB_LIMIT_MS = 290_000;
/** A job is called as its attempt is, and by that is known for ours after a restart. */
const JOB_PREFIX = 'att';
/** ISO A4 in hundredths of a millimetre (PWG 5101.1), to the letter: another size is another document. */
const A4 = { 'x-dimension': 21_000, 'y-dimension': 29_700 };

const optionsSchema = z.strictObject(ippAddressOptions);
export type IppPagePrinterOptions = z.infer<typeof optionsSchema>;

/** An A4 printer that speaks IPP (RFC 8011, PWG 5100.14), or a queue of CUPS before one. */
export const ippPagePrinterFactory: DriverFactory<'pagePrinter', IppPagePrinterOptions> = {
  deviceClass: 'pagePrinter',
  options: optionsSchema,
  real: true,
  create: (options, emit) => createIppPagePrinter(options, emit, systemClock),
};

export function createIppPagePrinter(
  options: IppPagePrinterOptions,
  emit: EmitEvent<'pagePrinter'>,
  clock: Clock,
): Driver<'pagePrinter'> {
  const client = new PrinterClient(options.uri, options.socketPath);
  const teller = new StatusTeller((status) => emit('statusChanged', status));
  let seenToCount = false;
  /** Of the job at hand the printer itself told. */
  let jobSeen = false;
  let timer: TimerHandle | undefined;
  let stopped = false;

  const choose: Choose = (printer) => {
    const misfit = misfitOf(printer, options);
    if (misfit !== null) return err(misfit);
    const mediaSize = sizeToAskFor(printer['media-size-supported'], A4, 0);
    return mediaSize === null ? err('noSuchMedia') : ok({ mediaSize, mediaSource: null });
  };
  const askStatus = async (): Promise<PagePrinterStatus> => {
    const attributes = await client.printerAttributes();
    if (!attributes.ok) oldJobs.lookAgain();
    const said = attributes.ok
      ? statusOf(attributes.value, choose)
      : { ...statusWithout(attributes.error), ...UNKNOWN_SUPPLIES };
    const status = attributes.ok && oldJobs.left ? withOldJob(said) : said;
    const { state, reasons, requiredAction } = status;
    if (!stopped) teller.tell({ state, reasons, requiredAction });
    return status;
  };
  const watchStatus = async (): Promise<void> => {
    await oldJobs.endIfAny();
    await askStatus();
    if (!stopped) timer = clock.after(STATUS_EVERY_MS, () => void watchStatus());
  };
  const askCapabilities = async (): Promise<
    Result<PagePrinterCapabilities, CommandFailure<never>>
  > => {
    const attributes = await client.printerAttributes();
    if (!attributes.ok) return err({ kind: 'notReady', reason: attributes.error.kind });
    const completedMeans = completedMeansOf(attributes.value, options.completedMeans);
    // PWG 5100.14: job-impressions-completed is one of the attributes of a job that IPP Everywhere demands.
    const claims = attributes.value['ipp-features-supported'].includes('ipp-everywhere');
    const impressionCount = completedMeans === 'deviceReported' && (claims || seenToCount);
    return ok({ completedMeans, impressionCount });
  };
  const jobs = new JobControl(client, clock, {
    onProgress(job) {
      if (stopped) return;
      jobSeen = true;
      seenToCount ||= job.impressionsCompleted !== null;
      emit('jobProgressed', job);
    },
    onPoll: async () => {
      await askStatus();
    },
  });

  const oldJobs = new OldJobs(client, jobs, clock, JOB_PREFIX);
  /** Of a printer that is away or does not fit nothing is asked: the print itself says why not. */
  const isFreeOfOldJobs = async (): Promise<boolean> => {
    const printer = await client.printerAttributes();
    return !printer.ok || !choose(printer.value).ok || oldJobs.end();
  };
  const printPdf = async ({
    pdfBase64,
    jobName,
    pages,
  }: Params<'pagePrinter', 'printPdf'>): Promise<CommandResult<'pagePrinter', 'printPdf'>> => {
    if (!(await isFreeOfOldJobs())) return err({ kind: 'notReady', reason: OLD_JOB });
    await oldJobs.begin(jobName);
    jobSeen = false;
    const printed = await jobs.print(Buffer.from(pdfBase64, 'base64'), {
      jobName,
      pages,
      choose,
      timeLimitMs: JOB_LIMIT_MS,
    });
    if (!printed.ok && printed.error.kind === 'noAnswer') oldJobs.abandon(jobSeen);
    else oldJobs.over();
    return printed;
  };

  return {
    deviceClass: 'pagePrinter',
    start: watchStatus,
    stop() {
      stopped = true;
      timer?.cancel();
      jobs.stop();
      return Promise.resolve();
    },
    handlers: {
      getStatus: async () => ok(await askStatus()),
      getCapabilities: askCapabilities,
      printPdf,
      findJob: ({ jobName }) => jobs.find(jobName),
      cancelJob: ({ jobId }) => jobs.cancel(jobId),
    },
  };
}

const UNKNOWN_SUPPLIES: Pick<PagePrinterStatus, 'trays' | 'toner'> = {
  trays: [],
  toner: 'unknown',
};

/** A device that is not the one, or cannot print our documents, is out of service whatever else it says. */
function statusOf(attributes: PrinterAttributes, choose: Choose): PagePrinterStatus {
  const status = statusOfPrinter(attributes);
  const chosen = choose(attributes);
  return chosen.ok ? status : { ...status, ...misfitting(chosen.error) };
}
