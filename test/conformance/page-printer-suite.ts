import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommandFailure } from '../../drivers/contract/command.ts';
import type {
  JobState,
  PageJob,
  PagePrinterCapabilities,
} from '../../drivers/contract/page-printer.ts';
import type { Result } from '../../src/base/result.ts';
import { newId } from '../../src/base/ids.ts';
import { poppler } from '../documents/poppler.ts';
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

/** Every page printer driver passes this, with the capabilities it claims. */
export function pagePrinterSuite(
  name: string,
  traits: PagePrinterTraits,
  document: () => Promise<TestDocument>,
  open: () => Promise<PagePrinterUnderTest>,
): void {
  describe(`${name}, as a page printer`, () => {
    let printer: PagePrinterUnderTest;
    let kk: TestDocument;

    beforeAll(async () => {
      kk = await document();
      printer = await open();
    }, 60_000);

    afterAll(async () => {
      await printer.close();
    }, 60_000);

    beforeEach(() => printer.events.skip());

    const print = (jobName: string, change: object = {}) =>
      printer.call('printPdf', {
        pdfBase64: kk.pdf.toString('base64'),
        jobName,
        pages: kk.pages,
        ...change,
      });
    const findJob = (jobName: string) => printer.call('findJob', { jobName });
    const jobOf = (answer: Result<unknown, CommandFailure>): PageJob => {
      expect(answer).toMatchObject({ ok: true });
      return (answer as unknown as { value: PageJob }).value;
    };
    const untilReason = (reason: string) =>
      printer.events.until('statusChanged', (payload) =>
        (payload as { reasons: string[] }).reasons.includes(reason),
      );
    const untilOnline = () =>
      printer.events.until(
        'statusChanged',
        (payload) => (payload as { state: string }).state === 'online',
      );

    it('says what its word is worth', async () => {
      const answer = await printer.call('getCapabilities', {});
      const { completedMeans, impressionCount } = traits;
      expect(answer).toEqual({ ok: true, value: { completedMeans, impressionCount } });
    });

    it('is online, and tells of trays and toner if it can', async () => {
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
    });

    it('hands the document over once, and says when every page is out, and how many if it counts', async () => {
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
    }, 30_000);

    it('finds a job by its name after the fact, and nothing by a name that never was', async () => {
      const jobName = newId('att');
      const job = jobOf(await print(jobName));
      expect(await findJob(jobName)).toEqual({ ok: true, value: job });
      expect(await findJob(newId('att'))).toEqual({ ok: true, value: null });
    }, 30_000);

    it('waits for paper, says so, and goes on by itself when it is there', async () => {
      await printer.setFault('mediaEmpty');
      const jobName = newId('att');
      const printing = print(jobName);
      await untilReason('mediaEmpty');
      expect(await findJob(jobName)).not.toMatchObject({ value: { state: 'completed' } });
      await printer.setFault('none');
      expect(jobOf(await printing)).toMatchObject({ state: 'completed' });
      await untilOnline();
      expect(printer.received(jobName)).toHaveLength(1);
    }, 30_000);

    it.each([
      ['jam', 'mediaJam'],
      ['coverOpen', 'coverOpen'],
    ] as const)(
      'reports a fault of kind %s while the job waits, and the end after it',
      async (fault, reason) => {
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
      30_000,
    );

    it('says that the printer gave a job up, which is not a refusal', async () => {
      await printer.setFault('abort');
      const jobName = newId('att');
      const { state } = jobOf(await print(jobName));
      expect(traits.gaveUp).toContain(state);
      await printer.setFault('none');
      expect(await findJob(jobName)).toMatchObject({ value: { state } });
    }, 30_000);

    it('cancels a job that runs, and no job that ended', async () => {
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
    }, 30_000);

    it('takes back the pages that an earlier run left, before anybody else’s are sent', async () => {
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
    }, 30_000);

    it('sends nothing to a printer that is cut off, says so, and comes back by itself', async () => {
      printer.setConnected(false);
      const jobName = newId('att');
      expect(await print(jobName)).toMatchObject({ ok: false, error: { kind: 'notReady' } });
      expect(await printer.call('getStatus', {})).toMatchObject({
        value: { state: 'powerOff', reasons: ['unreachable'], toner: 'unknown' },
      });
      expect((await findJob(jobName)).ok).toBe(false);
      printer.setConnected(true);
      await untilOnline();
      expect(await findJob(jobName)).toEqual({ ok: true, value: null });
    }, 30_000);

    it('follows a job through a connection that was lost and came back', async () => {
      await printer.setFault('hold');
      const jobName = newId('att');
      const printing = print(jobName);
      await printer.events.until('jobProgressed', (job) => (job as PageJob).state === 'processing');
      printer.setConnected(false);
      await untilReason('unreachable');
      printer.setConnected(true);
      await printer.setFault('none');
      expect(jobOf(await printing)).toMatchObject({ state: 'completed' });
      expect(printer.received(jobName)).toHaveLength(1);
    }, 30_000);
  });
}
