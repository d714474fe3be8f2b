import { afterEach, describe, expect, it } from '@jest/globals';
import {
  createIppPagePrinter,
  ippPagePrinterFactory,
} from '../../../drivers/ipp-page-printer/driver.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { fine, healthy, ScriptedPrinter, type ScriptedAnswer } from '../ipp/scripted-printer.ts';

let printer: ScriptedPrinter | undefined;
afterEach(() => printer?.close());

const job = (state: string, name = 'att_OLD', id = 7) => ({
  'job-id': id,
  'job-uri': `ipp://127.0.0.1/ipp/print/${id}`,
  'job-name': name,
  'job-state': state,
  'job-state-reasons': 'none',
});
const told = (...jobs: readonly object[]) => ({
  statusCode: 'successful-ok',
  'job-attributes-tag': jobs,
});
const queue = () => ({ ...healthy(), foreign: { 'device-uri': 'usb://Acme/1' } });
const sent = (name: string): number => (printer?.asked ?? []).filter((n) => n === name).length;

async function open(
  script: Readonly<Record<string, (time: number) => ScriptedAnswer>>,
  clock: Clock = new FakeClock(),
) {
  printer = await ScriptedPrinter.open({
    'Get-Printer-Attributes': healthy,
    'Validate-Job': fine,
    'Print-Job': () => told(job('completed', printer?.jobName, 9)),
    ...script,
  });
  const statuses: object[] = [];
  const driver = createIppPagePrinter(
    ippPagePrinterFactory.options.parse({ uri: printer.uri }),
    (event, payload) => event === 'statusChanged' && statuses.push(payload),
    clock,
  );
  const pdfBase64 = Buffer.from('%PDF-').toString('base64');
  const print = (jobName: string) => driver.handlers.printPdf({ pdfBase64, jobName, pages: 1 });
  return { driver, print, statuses };
}

const waiting = {
  state: 'hardwareError',
  reasons: ['oldJobInQueue'],
  requiredAction: 'reset',
} as const;
const refused = { ok: false, error: { kind: 'notReady', reason: 'oldJobInQueue' } };

describe('the pages of somebody who has left', () => {
  it('are taken back at the start, and nothing of others is', async () => {
    const { driver } = await open({
      'Get-Jobs': () =>
        sent('Cancel-Job') > 0
          ? told(job('pending', 'somebody', 3))
          : told(job('pending', 'somebody', 3), job('processing')),
      'Cancel-Job': fine,
      'Get-Job-Attributes': () => told(job('canceled')),
    });
    await driver.start();
    await driver.stop();
    expect(sent('Cancel-Job')).toBe(1);
    expect(await driver.handlers.getStatus({})).toMatchObject({ value: { state: 'online' } });
  });

  it.each([
    ['a printer', healthy],
    ['a queue of CUPS', queue],
  ])(
    'do not come out for the next, though %s was away when they were to be taken back',
    async (_, attributes) => {
      const clock = new FakeClock();
      let world: 'prints' | 'away' | 'stubborn' | 'obeys' = 'prints';
      const answer = (say: () => ScriptedAnswer) => (): ScriptedAnswer =>
        world === 'away' ? 'hangUp' : say();
      const live = () => sent('Print-Job') === 1 && !(world === 'obeys' && sent('Cancel-Job') > 1);
      const { driver, print, statuses } = await open(
        {
          'Get-Printer-Attributes': answer(attributes),
          'Get-Jobs': answer(() => (live() ? told(job('processing', 'att_ONE')) : fine())),
          'Get-Job-Attributes': answer(() => told(job('processing', 'att_ONE'))),
          'Print-Job': (time) =>
            time === 1 ? told(job('processing', 'att_ONE')) : told(job('completed', 'att_TWO', 8)),
          'Cancel-Job': answer(() =>
            world === 'obeys' ? fine() : { statusCode: 'client-error-not-possible' },
          ),
        },
        clock,
      );
      await driver.start();
      const printed = print('att_ONE');
      while (sent('Print-Job') === 0) await driver.handlers.getStatus({});
      world = 'away';
      await pass(clock, 300_000, printed);
      expect(await printed).toEqual({ ok: false, error: { kind: 'noAnswer' } });
      expect((await driver.handlers.findJob({ jobName: 'att_ONE' })).ok).toBe(false);
      expect((await driver.handlers.cancelJob({ jobId: 7 })).ok).toBe(false);

      world = 'stubborn';
      await until(clock, () => sent('Cancel-Job') > 1 && statuses.at(-1) !== undefined);
      expect(await driver.handlers.getStatus({})).toMatchObject({ ok: true, value: waiting });
      expect(statuses.at(-1)).toEqual(waiting);
      expect(await print('att_TWO')).toEqual(refused);
      expect(sent('Print-Job')).toBe(1);

      world = 'obeys';
      expect(await print('att_TWO')).toMatchObject({ ok: true, value: { state: 'completed' } });
      expect(await driver.handlers.getStatus({})).toMatchObject({ value: { state: 'online' } });
      await driver.stop();
    },
  );

  it('are looked for again when a printer comes back that had none before', async () => {
    const clock = new FakeClock();
    let away = false;
    let back = false;
    const { driver } = await open(
      {
        'Get-Printer-Attributes': () => (away ? 'hangUp' : healthy()),
        'Get-Jobs': () => (back && sent('Cancel-Job') === 0 ? told(job('pending')) : fine()),
        'Cancel-Job': fine,
        'Get-Job-Attributes': () => told(job('canceled')),
      },
      clock,
    );
    await driver.start();
    away = true;
    await driver.handlers.getStatus({});
    away = false;
    back = true;
    await until(clock, () => sent('Cancel-Job') === 1);
    await driver.stop();
  });

  it('may yet appear where nobody knows whether they arrived, and nothing is printed for five minutes', async () => {
    const clock = new FakeClock();
    const { driver, print } = await open(
      {
        'Print-Job': (time) => (time === 1 ? 'hangUp' : told(job('completed', 'att_TWO', 8))),
        'Get-Jobs': fine,
      },
      clock,
    );
    expect(await print('att_ONE')).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(await driver.handlers.getStatus({})).toMatchObject({ value: waiting });
    clock.advance(4 * 60_000);
    expect(await print('att_TWO')).toEqual(refused);
    clock.advance(60_000);
    expect(await print('att_TWO')).toMatchObject({ ok: true });
  });

  it('stand behind what else keeps the printer from printing', async () => {
    const { driver } = await open({
      'Get-Printer-Attributes': () => ({
        statusCode: 'successful-ok',
        'printer-attributes-tag': {
          'printer-state': 'stopped',
          'printer-state-reasons': 'media-jam-error',
        },
      }),
      'Get-Jobs': () => told(job('processing')),
      'Cancel-Job': () => ({ statusCode: 'client-error-not-possible' }),
    });
    await driver.start();
    await driver.stop();
    expect(await driver.handlers.getStatus({})).toMatchObject({
      value: { reasons: ['mediaJam', 'oldJobInQueue'], requiredAction: 'clear' },
    });
  });

  it('are never the ones that are being printed', async () => {
    let ended = false;
    const { driver, print } = await open(
      {
        'Get-Jobs': () => (sent('Print-Job') > 0 ? told(job('processing', 'att_ONE')) : fine()),
        'Print-Job': () => told(job('processing', 'att_ONE')),
        'Get-Job-Attributes': () => told(job(ended ? 'completed' : 'processing', 'att_ONE')),
      },
      systemClock,
    );
    const printed = print('att_ONE');
    while (sent('Get-Job-Attributes') === 0) await driver.handlers.getStatus({});
    await driver.start();
    expect(await driver.handlers.getStatus({})).toMatchObject({ value: { state: 'online' } });
    ended = true;
    expect(await printed).toMatchObject({ ok: true });
    await driver.stop();
    expect(sent('Cancel-Job')).toBe(0);
  });
});

/** Lets time pass in small steps while sockets answer, until that has come true. */
async function until(clock: FakeClock, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    clock.advance(250);
    await new Promise(setImmediate);
  }
}

async function pass(clock: FakeClock, ms: number, end: Promise<unknown>): Promise<void> {
  let over = false;
  void end.then(() => (over = true));
  clock.advance(ms);
  await until(clock, () => over);
}
