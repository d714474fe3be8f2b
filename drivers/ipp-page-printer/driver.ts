import * as z from 'zod';
import { systemClock, type Clock, type TimerHandle } from '../../src/base/clock.ts';
import { ok } from '../../src/base/result.ts';
import type { PagePrinterStatus } from '../contract/page-printer.ts';
import type { Driver, DriverFactory, EmitEvent } from '../contract/driver.ts';
import type { CommonStatus } from '../contract/words.ts';
import { JobControl } from './job-control.ts';
import { PrinterClient } from './printer-client.ts';
import { statusOfPrinter } from './printer-state.ts';

/** How often an idle printer is asked whether paper or toner ran out, so that the screen knows beforehand. */
const STATUS_EVERY_MS = 3_000;

const optionsSchema = z.strictObject({
  /** The printer's own IPP address, such as `ipp://192.0.2.7/ipp/print`; not that of a spooler. */
  uri: z.url({ protocol: /^ipps?$/, error: 'not an ipp:// or ipps:// address' }),
});
export type IppPagePrinterOptions = z.infer<typeof optionsSchema>;

const UNREACHABLE: PagePrinterStatus = {
  state: 'powerOff',
  reasons: ['unreachable'],
  requiredAction: 'maintenance',
  trays: [],
  toner: 'unknown',
};

/** An A4 printer that speaks IPP (RFC 8011, PWG 5100.14) itself, so that `completed` is the device's own word. */
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
  const client = new PrinterClient(options.uri);
  let reported = '';
  let impressionCount = false;
  let timer: TimerHandle | undefined;
  let stopped = false;

  const askStatus = async (): Promise<PagePrinterStatus> => {
    const attributes = await client.printerAttributes();
    const status = attributes.ok ? statusOfPrinter(attributes.value) : UNREACHABLE;
    const common: CommonStatus = {
      state: status.state,
      reasons: status.reasons,
      requiredAction: status.requiredAction,
    };
    const text = JSON.stringify(common);
    if (text !== reported && !stopped) {
      reported = text;
      emit('statusChanged', common);
    }
    return status;
  };
  const watchStatus = async (): Promise<void> => {
    await askStatus();
    if (!stopped) timer = clock.after(STATUS_EVERY_MS, () => void watchStatus());
  };
  const jobs = new JobControl(client, clock, {
    onProgress(job) {
      if (stopped) return;
      impressionCount ||= job.impressionsCompleted !== null;
      emit('jobProgressed', job);
    },
    onPoll: async () => {
      await askStatus();
    },
  });

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
      getCapabilities: () =>
        Promise.resolve(ok({ completedMeans: 'deviceReported', impressionCount })),
      printPdf: ({ pdfBase64, jobName, pages }) =>
        jobs.print(Buffer.from(pdfBase64, 'base64'), { jobName, pages }),
      findJob: ({ jobName }) => jobs.find(jobName),
      cancelJob: ({ jobId }) => jobs.cancel(jobId),
    },
  };
}
