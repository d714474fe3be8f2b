import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createIppPagePrinter,
  ippPagePrinterFactory,
} from '../../../drivers/ipp-page-printer/driver.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { fine, healthy, ScriptedPrinter, type ScriptedAnswer } from './scripted-printer.ts';

let printer: ScriptedPrinter | undefined;
afterEach(() => printer?.close());

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
    ...script,
  });
  const driver = createIppPagePrinter({ uri: printer.uri }, () => undefined, systemClock);
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
    expect(asked()).toEqual(['Validate-Job']);
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
    expect(await print({ 'Print-Job': broken, 'Get-Jobs': fine })).toEqual(noAnswer);
    expect(asked()).toEqual(['Validate-Job', 'Print-Job', 'Get-Jobs', 'Get-Jobs']);
  });

  it('a connection lost over the document is settled by the job that the printer knows', async () => {
    const found = await print({
      'Print-Job': () => 'hangUp',
      'Get-Jobs': (time) => (time === 1 ? fine() : jobAnswer('completed')()),
    });
    expect(found).toMatchObject({ ok: true, value: { jobId: 7, state: 'completed' } });
    expect(asked()).toEqual(['Validate-Job', 'Print-Job', 'Get-Jobs', 'Get-Jobs']);
  });

  it('a connection lost over the document is never a reason to send it again', async () => {
    expect(await print({ 'Print-Job': () => 'hangUp', 'Get-Jobs': fine })).toEqual(noAnswer);
    expect(asked().filter((name) => name === 'Print-Job')).toHaveLength(1);
  });

  it('an answer that is no IPP is no refusal', async () => {
    const nonsense = () => ({ bytes: Buffer.from('<html>503</html>') });
    expect(await print({ 'Print-Job': nonsense, 'Get-Jobs': fine })).toEqual(noAnswer);
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
    const driver = createIppPagePrinter({ uri: printer.uri }, () => undefined, systemClock);
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
