import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createIppPagePrinter,
  ippPagePrinterFactory,
} from '../../../drivers/ipp-page-printer/driver.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { fine, healthy, ScriptedPrinter, type ScriptedAnswer } from '../ipp/scripted-printer.ts';

let printer: ScriptedPrinter | undefined;
afterEach(() => printer?.close());

const driverOf = ({ uri }: ScriptedPrinter, options: object = {}) =>
  createIppPagePrinter(
    ippPagePrinterFactory.options.parse({ uri, ...options }),
    () => undefined,
    systemClock,
  );

const jobName = 'att_TEST';
const job = (state: string, change: object = {}) => ({
  'job-id': 7,
  'job-uri': 'ipp://127.0.0.1/ipp/print/7',
  'job-name': jobName,
  'job-state': state,
  'job-state-reasons': 'none',
  ...change,
});
const jobAnswer = (state: string) => () => ({
  statusCode: 'successful-ok',
  'job-attributes-tag': job(state),
});

async function print(script: Readonly<Record<string, (time: number) => ScriptedAnswer>>) {
  printer = await ScriptedPrinter.open({
    'Get-Printer-Attributes': healthy,
    'Validate-Job': fine,
    'Get-Jobs': fine,
    ...script,
  });
  const driver = driverOf(printer);
  const params = { pdfBase64: Buffer.from('%PDF-').toString('base64'), jobName, pages: 1 };
  return driver.handlers.printPdf(params);
}

const asked = (): string[] => (printer?.asked ?? []).filter((name) => !name.startsWith('Get-Pr'));
const rejected = { ok: false, error: { kind: 'commandError', errorCode: 'rejected' } };
const noAnswer = { ok: false, error: { kind: 'noAnswer' } };

describe('what a page printer proves', () => {
  it('a refused ticket is a rejection, and the document is not sent at all', async () => {
    const refuse = () => ({ statusCode: 'client-error-attributes-or-values-not-supported' });
    expect(await print({ 'Validate-Job': refuse })).toEqual(rejected);
    expect(asked()).toEqual(['Get-Jobs', 'Validate-Job']);
  });

  it.each([
    'client-error-document-format-not-supported',
    'server-error-not-accepting-jobs',
    'server-error-busy',
  ])('%s to the document is a rejection', async (statusCode) => {
    expect(await print({ 'Print-Job': () => ({ statusCode }) })).toEqual(rejected);
  });

  it('an internal error proves nothing, and a job that nobody remembers stays unproved', async () => {
    const broken = () => ({ statusCode: 'server-error-internal-error' });
    expect(await print({ 'Print-Job': broken })).toEqual(noAnswer);
    expect(asked()).toEqual(['Get-Jobs', 'Validate-Job', 'Print-Job', 'Get-Jobs', 'Get-Jobs']);
  });

  it('a connection lost over the document is settled by the job that the printer knows', async () => {
    const found = await print({
      'Print-Job': () => 'hangUp',
      'Get-Jobs': (time) => (time <= 2 ? fine() : jobAnswer('completed')()),
    });
    expect(found).toMatchObject({ ok: true, value: { jobId: 7, state: 'completed' } });
    expect(asked()).toEqual(['Get-Jobs', 'Validate-Job', 'Print-Job', 'Get-Jobs', 'Get-Jobs']);
  });

  it('a connection lost over the document is never a reason to send it again', async () => {
    expect(await print({ 'Print-Job': () => 'hangUp' })).toEqual(noAnswer);
    expect(asked().filter((name) => name === 'Print-Job')).toHaveLength(1);
  });

  it('an answer that is no IPP is no refusal', async () => {
    const nonsense = () => ({ bytes: Buffer.from('<html>503</html>') });
    expect(await print({ 'Print-Job': nonsense })).toEqual(noAnswer);
  });

  it('a printer that forgot a running job leaves its end unproved', async () => {
    const forgotten = () => ({ statusCode: 'client-error-not-found' });
    expect(
      await print({ 'Print-Job': jobAnswer('processing'), 'Get-Job-Attributes': forgotten }),
    ).toEqual(noAnswer);
  });

  it('a printer that does not count pages gives no count', async () => {
    expect(await print({ 'Print-Job': jobAnswer('completed') })).toMatchObject({
      ok: true,
      value: { impressionsCompleted: null },
    });
  });

  it('the last of several jobs of one name is the one that counts', async () => {
    printer = await ScriptedPrinter.open({
      'Get-Jobs': (time) =>
        time === 1
          ? { statusCode: 'successful-ok', 'job-attributes-tag': [job('processing')] }
          : {
              statusCode: 'successful-ok',
              'job-attributes-tag': [
                job('aborted', { 'job-id': 3 }),
                job('completed'),
                job('canceled', { 'job-id': 9, 'job-name': 'att_OTHER' }),
              ],
            },
    });
    const driver = driverOf(printer);
    expect(await driver.handlers.findJob({ jobName })).toMatchObject({
      ok: true,
      value: { jobId: 7, state: 'completed' },
    });
  });
});

describe('the address of a page printer', () => {
  it.each(['http://127.0.0.1/', '127.0.0.1', '', 'file:///dev/lp0'])('refuses %s', (uri) => {
    expect(ippPagePrinterFactory.options.safeParse({ uri }).success).toBe(false);
  });

  it('may be encrypted', () => {
    const uri = 'ipps://printer.example/ipp/print';
    expect(ippPagePrinterFactory.options.safeParse({ uri }).success).toBe(true);
  });
});

describe('a page printer that is not as it should be', () => {
  const describing = (attributes: object) => () => ({
    statusCode: 'successful-ok',
    'printer-attributes-tag': {
      'printer-state': 'idle',
      'printer-state-reasons': 'none',
      ...attributes,
    },
  });
  const uuid = 'urn:uuid:00000000-0000-4000-8000-000000000001';

  it.each([
    ['otherModel', { 'printer-make-and-model': 'Acme 2' }, { expectedModel: 'Acme 1' }],
    ['otherDevice', { 'printer-uuid': uuid }, { expectedUuid: `${uuid}0` }],
    ['noPdf', { 'document-format-supported': ['image/urf'] }, {}],
    [
      'noSuchMedia',
      { 'media-size-supported': { 'x-dimension': 21_590, 'y-dimension': 27_940 } },
      {},
    ],
  ])('is out of service as %s, and nothing is sent to it', async (reason, attributes, options) => {
    printer = await ScriptedPrinter.open({ 'Get-Printer-Attributes': describing(attributes) });
    const { handlers } = driverOf(printer, options);
    expect(await handlers.getStatus({})).toMatchObject({
      ok: true,
      value: { state: 'userError', reasons: [reason], requiredAction: 'configuration' },
    });
    const pdfBase64 = Buffer.from('%PDF-').toString('base64');
    expect(await handlers.printPdf({ pdfBase64, jobName, pages: 1 })).toEqual({
      ok: false,
      error: { kind: 'notReady', reason },
    });
    expect(asked()).toEqual([]);
  });

  const garbage = Buffer.from('<html>503</html>');
  // version, code and id are overwritten by the printer; a keyword whose length is −6.
  const endless = Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 4, 0x44, 0, 1, 0x61, 0xff, 0xfa, 0x61, 3]);
  it.each([
    ['answerNotIpp', 'userError', () => ({ bytes: garbage })],
    ['answerNotIpp', 'userError', () => ({ bytes: endless })],
    ['answerNotIpp', 'userError', () => ({ ...healthy(), id: 1 })],
    ['answerBrokenOff', 'hardwareError', () => ({ bytes: garbage, announced: 4_000 })],
    ['unreachable', 'powerOff', () => 'hangUp' as const],
    ['noSuchQueue', 'userError', () => ({ statusCode: 'client-error-not-found' })],
    ['accessRefused', 'userError', () => ({ statusCode: 'client-error-forbidden' })],
    ['answerUnclear', 'hardwareError', () => ({ statusCode: 'server-error-internal-error' })],
  ])('is out of service as %s, %s', async (reason, state, answer) => {
    printer = await ScriptedPrinter.open({ 'Get-Printer-Attributes': answer });
    const { handlers } = driverOf(printer);
    expect(await handlers.getStatus({})).toMatchObject({ value: { state, reasons: [reason] } });
    expect(await handlers.getCapabilities({})).toMatchObject({
      ok: false,
      error: { kind: 'notReady' },
    });
  });

  it('is given up where its answer never ends', async () => {
    printer = await ScriptedPrinter.open({ 'Get-Printer-Attributes': () => 'drip' });
    const { handlers } = driverOf(printer);
    expect(await handlers.getStatus({})).toMatchObject({
      value: { state: 'hardwareError', reasons: ['answersTooLate'] },
    });
  }, 30_000);

  it('takes no answer to an earlier question for the end of a job', async () => {
    const late = () => ({ ...jobAnswer('completed')(), id: 1 });
    expect(await print({ 'Print-Job': late })).toEqual(noAnswer);
  });
});

describe('a queue of CUPS', () => {
  const queue = () => ({
    statusCode: 'successful-ok',
    'printer-attributes-tag': {
      'printer-state': 'idle',
      'printer-state-reasons': 'cups-waiting-for-job-completed',
      'ipp-features-supported': ['ipp-everywhere'],
    },
    foreign: { 'device-uri': 'usb://Acme/1' },
  });

  it('gives the word of a host, and no count', async () => {
    const counted = () => ({
      statusCode: 'successful-ok',
      'job-attributes-tag': job('completed', { 'job-impressions-completed': 1 }),
    });
    const empty = { 'Get-Printer-Attributes': queue };
    expect(await print({ ...empty, 'Print-Job': counted })).toMatchObject({
      ok: true,
      value: { state: 'completed', impressionsCompleted: null },
    });
    expect(
      printer === undefined ? null : await driverOf(printer).handlers.getCapabilities({}),
    ).toEqual({
      ok: true,
      value: { completedMeans: 'hostAccepted', impressionCount: false },
    });
  });

  it('is sent nothing while another job waits in it', async () => {
    const others = () => ({
      statusCode: 'successful-ok',
      'job-attributes-tag': job('pending', { 'job-name': 'somebody' }),
    });
    const waiting = { 'Get-Printer-Attributes': queue, 'Get-Jobs': others };
    expect(await print(waiting)).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'queueBusy' },
    });
    expect(asked()).toEqual(['Get-Jobs', 'Validate-Job', 'Get-Jobs']);
  });
});
