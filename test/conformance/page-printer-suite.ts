import { expect } from '@jest/globals';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type {
  JobState,
  PageJob,
  PagePrinterCapabilities,
} from '../../drivers/contract/page-printer.ts';
import type { Result } from '../../src/base/result.ts';
import { newId } from '../../src/base/ids.ts';
import { poppler } from '../documents/poppler.ts';
import { allOnOne, withHelp, type Case } from './case.ts';
import type { EventTape } from './event-tape.ts';

/** A page printer, and the hands of the technician. */
export interface PagePrinterUnderTest {
  readonly events: EventTape;
  call(command: string, params: unknown): Promise<Result<unknown, CommandFailure>>;
  setFault(fault: 'none' | 'jam' | 'coverOpen' | 'hold' | 'abort' | 'mediaEmpty'): Promise<void>;
  setConnected(connected: boolean): void;
  /** The driver's process ended, and another one drives the printer. */
  restart(): Promise<void>;
  /** The documents that arrived under this job name, byte for byte. */
  received(jobName: string): Buffer[];
  close(): Promise<void>;
}

export interface TestDocument {
  readonly pdf: Buffer;
  readonly pages: number;
}

/** What a printer claims, and what is known of the way to it. */
export interface PagePrinterTraits extends PagePrinterCapabilities {
  /** Tells of trays and toner. */
  readonly supplies: boolean;
  /** Gets the very bytes; else a document that shows the same on the same paper. */
  readonly verbatim: boolean;
  /** What a job may be called that the printer gave up by itself. */
  readonly gaveUp: readonly JobState[];
}

const jobOf = (answer: Result<unknown, CommandFailure>): PageJob => {
  expect(answer).toMatchObject({ ok: true });
  return (answer as unknown as { value: PageJob }).value;
};

/** What every page printer driver keeps, with the capabilities it claims. */
export function pagePrinterCases(
  traits: PagePrinterTraits,
  document: () => Promise<TestDocument>,
): readonly Case<PagePrinterUnderTest>[] {
  let made: Promise<TestDocument> | null = null;
  async function help(printer: PagePrinterUnderTest) {
    const kk = await (made ??= document());
    printer.events.skip();
    return {
      printer,
      kk,
      print: (jobName: string) =>
        printer.call('printPdf', {
          pdfBase64: kk.pdf.toString('base64'),
          jobName,
          pages: kk.pages,
        }),
      findJob: (jobName: string) => printer.call('findJob', { jobName }),
      untilReason: (reason: string) =>
        printer.events.until('statusChanged', (payload) =>
          (payload as { reasons: string[] }).reasons.includes(reason),
        ),
      untilOnline: () =>
        printer.events.until(
          'statusChanged',
          (payload) => (payload as { state: string }).state === 'online',
        ),
    };
  }
  type Help = Awaited<ReturnType<typeof help>>;

  const faults = [
    ['jam', 'mediaJam'],
    ['coverOpen', 'coverOpen'],
  ] as const;
  const stopping = faults.map(([fault, reason]): Case<Help> => ({
    title: `reports a fault of kind ${fault} while the job waits, and the end after it`,
    prove: async ({ printer, print, untilReason, untilOnline }) => {
      await printer.setFault(fault);
      const printing = print(newId('att'));
      expect(await untilReason(reason)).toMatchObject({
        state: 'hardwareError',
        requiredAction: 'clear',
      });
      await printer.setFault('none');
      expect(jobOf(await printing)).toMatchObject({ state: 'completed' });
      await untilOnline();
    },
  }));

  return withHelp(help, [
    {
      title: 'says what its word is worth',
      prove: async ({ printer }) => {
        const answer = await printer.call('getCapabilities', {});
        const { completedMeans, impressionCount } = traits;
        expect(answer).toEqual({ ok: true, value: { completedMeans, impressionCount } });
      },
    },

    {
      title: 'is online, and tells of trays and toner if it can',
      prove: async ({ printer }) => {
        const status = await printer.call('getStatus', {});
        expect(status).toMatchObject({
          ok: true,
          value: {
            state: 'online',
            reasons: [],
            requiredAction: 'none',
            toner: traits.supplies ? 'full' : 'unknown',
          },
        });
        expect(status).toHaveProperty(
          'value.trays',
          traits.supplies ? expect.arrayContaining([{ name: 'main', level: 'full' }]) : [],
        );
      },
    },

    {
      title:
        'hands the document over once, and says when every page is out, and how many if it counts',
      prove: async ({ printer, kk, print }) => {
        const jobName = newId('att');
        const job = jobOf(await print(jobName));
        const counted = traits.impressionCount ? kk.pages : null;
        expect(job).toMatchObject({ state: 'completed', impressionsCompleted: counted });
        const [document, ...more] = printer.received(jobName);
        expect(more).toEqual([]);
        if (traits.verbatim) {
          expect(document).toEqual(kk.pdf);
          return;
        }
        const shown = (pdf: Buffer): string[] => poppler('pdftotext', pdf).split(/\s+/);
        expect(shown(document ?? Buffer.alloc(0))).toEqual(shown(kk.pdf));
        expect(poppler('pdfinfo', document ?? Buffer.alloc(0))).toMatch(
          new RegExp(`Pages: +${kk.pages}\\n[^]*\\(A4\\)`),
        );
      },
    },

    {
      title: 'finds a job by its name after the fact, and nothing by a name that never was',
      prove: async ({ print, findJob }) => {
        const jobName = newId('att');
        const job = jobOf(await print(jobName));
        expect(await findJob(jobName)).toEqual({ ok: true, value: job });
        expect(await findJob(newId('att'))).toEqual({ ok: true, value: null });
      },
    },

    {
      title: 'waits for paper, says so, and goes on by itself when it is there',
      prove: async ({ printer, print, findJob, untilReason, untilOnline }) => {
        await printer.setFault('mediaEmpty');
        const jobName = newId('att');
        const printing = print(jobName);
        await untilReason('mediaEmpty');
        expect(await findJob(jobName)).not.toMatchObject({ value: { state: 'completed' } });
        await printer.setFault('none');
        expect(jobOf(await printing)).toMatchObject({ state: 'completed' });
        await untilOnline();
        expect(printer.received(jobName)).toHaveLength(1);
      },
    },

    ...stopping,

    {
      title: 'says that the printer gave a job up, which is not a refusal',
      prove: async ({ printer, print, findJob }) => {
        await printer.setFault('abort');
        const jobName = newId('att');
        const { state } = jobOf(await print(jobName));
        expect(traits.gaveUp).toContain(state);
        await printer.setFault('none');
        expect(await findJob(jobName)).toMatchObject({ value: { state } });
      },
    },

    {
      title: 'cancels a job that runs, and no job that ended',
      prove: async ({ printer, print }) => {
        await printer.setFault('hold');
        const printing = print(newId('att'));
        const { jobId } = (await printer.events.until('jobProgressed')) as PageJob;
        expect(await printer.call('cancelJob', { jobId })).toMatchObject({
          ok: true,
          value: { jobId },
        });
        await printer.setFault('none');
        expect(jobOf(await printing)).toMatchObject({ jobId, state: 'canceled' });
        expect(await printer.call('cancelJob', { jobId })).toEqual({
          ok: false,
          error: { kind: 'commandError', errorCode: 'notPossible' },
        });
      },
    },

    {
      title: 'takes back the pages that an earlier run left, before anybody else’s are sent',
      prove: async ({ printer, print, findJob, untilOnline }) => {
        await printer.setFault('hold');
        const left = newId('att');
        const printing = print(left);
        await printer.events.until('jobProgressed');
        await printer.restart();
        expect(await printing).toMatchObject({ ok: false });
        await printer.setFault('none');
        await untilOnline();
        expect(await findJob(left)).toMatchObject({ value: { state: 'canceled' } });
        expect(jobOf(await print(newId('att')))).toMatchObject({ state: 'completed' });
      },
    },

    {
      title: 'sends nothing to a printer that is cut off, says so, and comes back by itself',
      prove: async ({ printer, print, findJob, untilOnline }) => {
        printer.setConnected(false);
        const jobName = newId('att');
        expect(await print(jobName)).toMatchObject({ ok: false, error: { kind: 'notReady' } });
        expect(await printer.call('getStatus', {})).toMatchObject({
          value: { state: 'powerOff', reasons: ['unreachable'], toner: 'unknown' },
        });
        expect((await findJob(jobName)).ok).toBe(false);
        printer.setConnected(true);
        await untilOnline();
        expect(jobOf(await print(newId('att')))).toMatchObject({ state: 'completed' });
        expect(await findJob(jobName)).toEqual({ ok: true, value: null });
        expect(printer.received(jobName)).toEqual([]);
      },
    },

    {
      title: 'follows a job through a connection that was lost and came back',
      prove: async ({ printer, print, untilReason }) => {
        await printer.setFault('hold');
        const jobName = newId('att');
        const printing = print(jobName);
        await printer.events.until(
          'jobProgressed',
          (job) => (job as PageJob).state === 'processing',
        );
        printer.setConnected(false);
        await untilReason('unreachable');
        printer.setConnected(true);
        await printer.setFault('none');
        expect(jobOf(await printing)).toMatchObject({ state: 'completed' });
        expect(printer.received(jobName)).toHaveLength(1);
      },
    },
  ]);
}

export function pagePrinterSuite(
  name: string,
  traits: PagePrinterTraits,
  document: () => Promise<TestDocument>,
  open: () => Promise<PagePrinterUnderTest>,
): void {
  allOnOne(`${name}, as a page printer`, pagePrinterCases(traits, document), open);
}
