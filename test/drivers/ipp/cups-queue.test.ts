import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ippPagePrinterFactory } from '../../../drivers/ipp-page-printer/driver.ts';
import type { PageJob } from '../../../drivers/contract/page-printer.ts';
import type { Driver } from '../../../drivers/contract/driver.ts';
import { startPageQueueLab, type PageQueueLab } from '../../../scripts/lab/page-queue-lab.ts';
import { EventTape } from '../../conformance/event-tape.ts';
import { twoSheets } from '../ipp-page-printer/two-sheets.ts';
import { documentsNamed } from './received.ts';

let dir: string;
let lab: PageQueueLab;
let driver: Driver<'pagePrinter'>;
let events: EventTape;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'anj-cups-'));
  lab = await startPageQueueLab({ dir });
  events = new EventTape();
  // As the terminal reaches it: by the socket in core's own folder, at no port.
  const options = ippPagePrinterFactory.options.parse({
    uri: `ipp://localhost${lab.queue.path}`,
    socketPath: lab.queue.wayIn,
  });
  driver = ippPagePrinterFactory.create(options, (event, payload) => events.push(event, payload));
}, 60_000);

afterEach(async () => {
  await driver.stop();
  await lab.stop();
  rmSync(dir, { recursive: true });
}, 60_000);

const print = async (jobName: string) => {
  const { pdf, pages } = await twoSheets();
  return driver.handlers.printPdf({ pdfBase64: pdf.toString('base64'), jobName, pages });
};
const processing = () =>
  events.until('jobProgressed', (job) => (job as PageJob).state === 'processing');
const spooled = (): string[] =>
  readdirSync(lab.queue.spoolDir).filter((name) => /^d\d+/.test(name));

describe('a CUPS queue with the settings of a terminal', () => {
  it('keeps the end of a job, and not its document', async () => {
    expect(await print('att_KEPT')).toMatchObject({ ok: true, value: { state: 'completed' } });
    expect(await driver.handlers.findJob({ jobName: 'att_KEPT' })).toMatchObject({
      value: { state: 'completed' },
    });
    expect(spooled()).toEqual([]);
  }, 60_000);

  it('prints nothing again that was at the printer when the spooler was killed', async () => {
    await lab.setFault('hold');
    const printing = print('att_TWICE');
    await processing();
    await lab.printerHas(1);
    await lab.queue.kill();
    await lab.queue.restart();
    expect(await printing).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    await lab.setFault('none');
    // One that is printed after it shows that the queue serves on, and that nothing stood before it.
    expect(await print('att_NEXT')).toMatchObject({ ok: true, value: { state: 'completed' } });
    expect(documentsNamed(lab.jobsDir, 'att_TWICE')).toHaveLength(1);
    expect(documentsNamed(lab.jobsDir, 'att_NEXT')).toHaveLength(1);
  }, 60_000);

  it('takes no second job while one waits', async () => {
    await lab.setFault('hold');
    const first = print('att_FIRST');
    await processing();
    expect(await print('att_SECOND')).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'queueBusy' },
    });
    await lab.setFault('none');
    expect(await first).toMatchObject({ ok: true, value: { state: 'completed' } });
    expect(documentsNamed(lab.jobsDir, 'att_SECOND')).toEqual([]);
  }, 60_000);

  it('is out of service while it would print a failed job later, and is used once it would not', async () => {
    await lab.queue.setErrorPolicy('stop-printer');
    expect(await driver.handlers.getStatus({})).toMatchObject({
      value: { state: 'userError', reasons: ['queueKeepsJobs'], requiredAction: 'configuration' },
    });
    expect(await print('att_KEPT')).toMatchObject({ ok: false, error: { kind: 'notReady' } });
    await lab.queue.setErrorPolicy('abort-job');
    expect(await driver.handlers.getStatus({})).toMatchObject({ value: { state: 'online' } });
    expect(await print('att_NEXT')).toMatchObject({ ok: true, value: { state: 'completed' } });
    expect(documentsNamed(lab.jobsDir, 'att_KEPT')).toEqual([]);
  }, 60_000);
});
