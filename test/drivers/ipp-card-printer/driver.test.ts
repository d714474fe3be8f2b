import { afterEach, describe, expect, it } from '@jest/globals';
import { IppCardPrinter, ippCardPrinterFactory } from '../../../drivers/ipp-card-printer/driver.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { fine, healthy, ScriptedPrinter, type ScriptedAnswer } from '../ipp/scripted-printer.ts';

type Script = Readonly<Record<string, (time: number) => ScriptedAnswer>>;

let printer: ScriptedPrinter | undefined;
afterEach(() => printer?.close());

const feeders = [{ name: 'kia', blankKind: 'kia' }];
const feedOne = { feeder: 'kia', blankKind: 'kia' };
const picture = {
  side: 'front' as const,
  widthDots: 1012 as const,
  heightDots: 638 as const,
  rgbBase64: Buffer.alloc(1012 * 638 * 3, 200).toString('base64'),
};

async function open(
  script: Script,
  clock: Clock = systemClock,
  fitted: readonly object[] = feeders,
): Promise<IppCardPrinter> {
  printer = await ScriptedPrinter.open({
    'Get-Printer-Attributes': healthy,
    'Validate-Job': fine,
    'Get-Jobs': fine,
    ...script,
  });
  const options = ippCardPrinterFactory.options.parse({ uri: printer.uri, feeders: fitted });
  return new IppCardPrinter(options, () => undefined, clock);
}

const job = (state: string, name = 'card_TEST', reason = 'none') => ({
  statusCode: 'successful-ok',
  'job-attributes-tag': {
    'job-id': 7,
    'job-uri': 'ipp://127.0.0.1/ipp/print/7',
    'job-name': name,
    'job-state': state,
    'job-state-reasons': reason,
  },
});
const sent = (name: string): number => (printer?.asked ?? []).filter((n) => n === name).length;

/** Waiting takes no time, and forty times as long as was asked: of every poll only a few are needed. */
function hurriedClock(): Clock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    after: (delayMs, fire) => {
      const immediate = setImmediate(() => {
        nowMs += delayMs * 40;
        fire();
      });
      return { cancel: () => clearImmediate(immediate) };
    },
  };
}

describe('a card printer that takes a card through in one job', () => {
  it('is sent nothing before the card is to be presented, and then one job', async () => {
    const { handlers } = await open({ 'Print-Job': () => job('completed') });
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ ok: true });
    expect(await handlers.printSide(picture)).toMatchObject({ ok: true });
    expect(sent('Print-Job')).toBe(0);
    expect(await handlers.presentCard({})).toEqual({ ok: true, value: { media: 'unknown' } });
    expect(sent('Print-Job')).toBe(1);
    expect(await handlers.presentCard({})).toMatchObject({ error: { errorCode: 'noMedia' } });
    expect(sent('Print-Job')).toBe(1);
  });

  it('forgets a card that core gave up, and lets the next take the place of one it never had back', async () => {
    const { handlers } = await open({ 'Print-Job': () => job('completed') });
    await handlers.feedBlank(feedOne);
    await handlers.printSide(picture);
    await handlers.rejectCard({});
    expect(await handlers.presentCard({})).toMatchObject({ error: { errorCode: 'noMedia' } });
    await handlers.feedBlank(feedOne);
    await handlers.printSide(picture);
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ ok: true });
    // It is unprinted: the picture of the first is gone.
    expect(await handlers.printSide(picture)).toMatchObject({ ok: true });
    expect(await handlers.presentCard({})).toMatchObject({ ok: true });
    expect(sent('Print-Job')).toBe(1);
  });

  it.each(['aborted', 'canceled'])('calls no card presented whose job was %s', async (state) => {
    const { handlers } = await open({ 'Print-Job': () => job(state) });
    await handlers.feedBlank(feedOne);
    expect(await handlers.presentCard({})).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: `job.${state}` },
    });
  });

  it('calls no card presented whose job was completed with errors', async () => {
    const reason = 'job-completed-with-errors';
    const { handlers } = await open({ 'Print-Job': () => job('completed', 'card_TEST', reason) });
    await handlers.feedBlank(feedOne);
    expect(await handlers.presentCard({})).toEqual({
      ok: false,
      error: { kind: 'hardwareError', reason: 'job.completedWithErrors' },
    });
  });

  it('says of a refused job that nothing moved', async () => {
    const refuse = () => ({ statusCode: 'client-error-attributes-or-values-not-supported' });
    const { handlers } = await open({ 'Validate-Job': refuse });
    expect(await handlers.feedBlank(feedOne)).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'jobRefused' },
    });
  });

  it('takes a job back that is not done in time, so that it prints for nobody else', async () => {
    const canceled = () => sent('Cancel-Job') > 0;
    const { handlers } = await open(
      {
        'Print-Job': () => job('processing'),
        'Get-Job-Attributes': () => job(canceled() ? 'canceled' : 'processing'),
        'Get-Jobs': () => (sent('Print-Job') > 0 && !canceled() ? job('processing') : fine()),
        'Cancel-Job': fine,
      },
      hurriedClock(),
    );
    await handlers.feedBlank(feedOne);
    expect(await handlers.presentCard({})).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(sent('Cancel-Job')).toBe(1);
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ ok: true });
  }, 30_000);

  it('feeds nothing after a document of which nobody knows, until the printer has had time to make a job of it', async () => {
    const clock = new FakeClock();
    const { handlers } = await open({ 'Print-Job': () => 'hangUp' }, clock);
    await handlers.feedBlank(feedOne);
    expect(await handlers.presentCard({})).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    const refused = { ok: false, error: { kind: 'notReady', reason: 'oldJobInQueue' } };
    expect(await handlers.feedBlank(feedOne)).toEqual(refused);
    clock.advance(4 * 60_000);
    expect(await handlers.feedBlank(feedOne)).toEqual(refused);
    clock.advance(60_000);
    // By then it is taken not to have arrived, which the question that finds nothing once more decides.
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ ok: true });
  });

  it('takes back the job that a printer made of such a document only later', async () => {
    let made = false;
    const { handlers } = await open({
      'Print-Job': () => 'hangUp',
      'Get-Jobs': () =>
        made && sent('Cancel-Job') === 0 ? job('pending', printer?.jobName) : fine(),
      'Cancel-Job': fine,
      'Get-Job-Attributes': () => job('canceled'),
    });
    await handlers.feedBlank(feedOne);
    expect(await handlers.presentCard({})).toEqual({ ok: false, error: { kind: 'noAnswer' } });
    expect(sent('Cancel-Job')).toBe(0);
    made = true;
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ ok: true });
    expect(sent('Cancel-Job')).toBe(1);
  });

  it('looks before every card for an old job, also where there was none before', async () => {
    let late = false;
    const { handlers } = await open({
      'Get-Jobs': () => (late ? job('pending') : fine()),
      'Cancel-Job': () => ({ statusCode: 'client-error-not-possible' }),
    });
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ ok: true });
    late = true;
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ error: { reason: 'oldJobInQueue' } });
  });

  it('does not take back the card that is being printed, and looks for no old ones on its own meanwhile', async () => {
    let ended = false;
    let unlisted = false;
    const driver = await open({
      'Get-Jobs': () => {
        if (unlisted) return { statusCode: 'server-error-internal-error' };
        return sent('Print-Job') > 0 ? job('processing', printer?.jobName) : fine();
      },
      'Print-Job': () => job('processing', printer?.jobName),
      'Get-Job-Attributes': () => job(ended ? 'completed' : 'processing'),
      'Cancel-Job': fine,
    });
    await driver.handlers.feedBlank(feedOne);
    const presented = driver.handlers.presentCard({});
    while (sent('Get-Job-Attributes') === 0) await driver.handlers.getStatus({});
    expect(await driver.handlers.feedBlank(feedOne)).toMatchObject({ ok: true });
    unlisted = true;
    expect(await driver.handlers.feedBlank(feedOne)).toMatchObject({ ok: false });
    const before = sent('Get-Jobs');
    await driver.start();
    expect(sent('Get-Jobs')).toBe(before);
    ended = true;
    expect(await presented).toMatchObject({ ok: true });
    await driver.stop();
    expect(sent('Cancel-Job')).toBe(0);
  });

  it('takes an old job back once, though a card is asked for at the same moment', async () => {
    const driver = await open({
      'Get-Jobs': () => (sent('Cancel-Job') === 0 ? job('pending') : fine()),
      'Cancel-Job': fine,
      'Get-Job-Attributes': () => job('canceled'),
    });
    const [, fed] = await Promise.all([driver.start(), driver.handlers.feedBlank(feedOne)]);
    await driver.stop();
    expect(fed).toMatchObject({ ok: true });
    expect(sent('Cancel-Job')).toBe(1);
  });

  it('feeds nothing while a job of an earlier run may still print, and says so beforehand', async () => {
    let there = true;
    const driver = await open({
      'Get-Jobs': () => (there ? job('processing') : fine()),
      'Cancel-Job': () => ({ statusCode: 'client-error-not-possible' }),
    });
    const { handlers } = driver;
    await driver.start();
    await driver.stop();
    expect(await handlers.getStatus({})).toMatchObject({
      value: { state: 'hardwareError', reasons: ['oldJobInQueue'], requiredAction: 'reset' },
    });
    expect(await handlers.feedBlank(feedOne)).toEqual({
      ok: false,
      error: { kind: 'notReady', reason: 'oldJobInQueue' },
    });
    there = false;
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ ok: true });
    expect(await handlers.getStatus({})).toMatchObject({ value: { state: 'online', reasons: [] } });
  });

  it('takes back a job of an earlier run of which the printer has not counted anything yet', async () => {
    // The library reads the out-of-band values `unknown` and `no-value` as an empty text.
    const uncounted = { ...job('processing'), unknown: ['job-impressions-completed'] };
    const { handlers } = await open({
      'Get-Jobs': () => uncounted,
      'Cancel-Job': () => ({ statusCode: 'client-error-not-possible' }),
    });
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ error: { reason: 'oldJobInQueue' } });
    expect(sent('Cancel-Job')).toBe(1);
  });

  it('feeds nothing while the printer tells of a job that cannot be read', async () => {
    const { handlers } = await open({
      'Get-Jobs': () => ({
        statusCode: 'successful-ok',
        'job-attributes-tag': { 'job-name': 'card_TEST', 'job-state': 'processing' },
      }),
    });
    expect(await handlers.feedBlank(feedOne)).toMatchObject({ error: { reason: 'oldJobInQueue' } });
  });

  it('takes back at the start what an earlier run left waiting, and nothing of others', async () => {
    const driver = await open({
      'Get-Jobs': () =>
        sent('Cancel-Job') > 0
          ? job('pending', 'somebody')
          : {
              statusCode: 'successful-ok',
              'job-attributes-tag': [
                job('pending', 'somebody')['job-attributes-tag'],
                job('pending')['job-attributes-tag'],
              ],
            },
      'Cancel-Job': fine,
      'Get-Job-Attributes': () => job('canceled'),
    });
    await driver.start();
    await driver.stop();
    expect(sent('Cancel-Job')).toBe(1);
  });

  it('has no back, no bin, no chip, and says so', async () => {
    const { handlers } = await open({});
    await handlers.feedBlank(feedOne);
    const unsupported = { ok: false, error: { kind: 'unsupported' } };
    expect(await handlers.printSide({ ...picture, side: 'back' })).toEqual(unsupported);
    expect(await handlers.rejectCard({})).toEqual(unsupported);
    expect(await handlers.retractCard({})).toEqual(unsupported);
    expect(await handlers.transmitToChip({ apduHex: 'ffca000000' })).toEqual(unsupported);
    expect(sent('Print-Job')).toBe(0);
  });

  it('refuses a picture of another size, and a second one on the same card', async () => {
    const { handlers } = await open({});
    await handlers.feedBlank(feedOne);
    const short = { ...picture, rgbBase64: 'AAAA' };
    expect(await handlers.printSide(short)).toMatchObject({ error: { kind: 'invalidData' } });
    await handlers.printSide(picture);
    expect(await handlers.printSide(picture)).toMatchObject({ error: { reason: 'sidePrinted' } });
  });
});

describe('a card printer with several hoppers', () => {
  const two = [
    { name: 'a', blankKind: 'kia', source: 'tray-1' },
    { name: 'b', blankKind: 'ktpEl', source: 'tray-2' },
  ];
  const listing = (sources: readonly string[]) =>
    open(
      {
        'Get-Printer-Attributes': () => ({
          statusCode: 'successful-ok',
          'printer-attributes-tag': {
            'printer-state': 'idle',
            'printer-state-reasons': 'none',
            'media-source-supported': sources,
          },
        }),
      },
      systemClock,
      two,
    );

  it('feeds from none where it has not got all that are configured, and says so beforehand', async () => {
    const { handlers } = await listing(['tray-1', 'main']);
    expect(await handlers.getStatus({})).toMatchObject({
      ok: true,
      value: { state: 'userError', reasons: ['noSuchSource'], requiredAction: 'configuration' },
    });
    for (const asked of [
      { feeder: 'a', blankKind: 'kia' },
      { feeder: 'b', blankKind: 'ktpEl' },
    ]) {
      expect(await handlers.feedBlank(asked)).toMatchObject({
        ok: false,
        error: { kind: 'notReady', reason: 'noSuchSource' },
      });
    }
    expect(sent('Validate-Job')).toBe(0);
  });

  it('feeds where it has them', async () => {
    const { handlers } = await listing(['tray-1', 'tray-2']);
    expect(await handlers.feedBlank({ feeder: 'b', blankKind: 'ktpEl' })).toMatchObject({
      ok: true,
    });
  });
});

describe('what such a printer says of itself', () => {
  it.each([
    ['media-empty-error', 'feederEmpty', { feeders: [{ level: 'out' }] }],
    ['media-needed', 'feederEmpty', { feeders: [{ level: 'out' }] }],
    ['media-low-warning', 'feederLow', { feeders: [{ level: 'low' }] }],
    ['media-jam-error', 'mediaJammed', {}],
    ['marker-supply-empty', 'ribbonOut', { ribbon: 'out' }],
    ['toner-low-report', 'ribbonLow', { ribbon: 'low' }],
    ['cover-open', 'coverOpen', {}],
  ])('is told in the words for cards: %s is %s', async (keyword, reason, more) => {
    const { handlers } = await open({
      'Get-Printer-Attributes': () => ({
        statusCode: 'successful-ok',
        'printer-attributes-tag': { 'printer-state': 'idle', 'printer-state-reasons': keyword },
      }),
    });
    expect(await handlers.getStatus({})).toMatchObject({
      ok: true,
      value: { reasons: [reason], ...more },
    });
  });
});

describe('the options of an IPP card printer', () => {
  const parse = (change: object) =>
    ippCardPrinterFactory.options.safeParse({
      uri: 'ipp://localhost/printers/c',
      feeders,
      ...change,
    });

  it('need at least one feeder, each with its own name, and sources where there are several', () => {
    expect(parse({}).success).toBe(true);
    expect(parse({ feeders: [] }).success).toBe(false);
    expect(parse({ feeders: [...feeders, ...feeders] }).success).toBe(false);
    const two = [
      { name: 'a', blankKind: 'kia', source: 'tray-1' },
      { name: 'b', blankKind: 'ktpEl', source: 'tray-2' },
    ];
    expect(parse({ feeders: two }).success).toBe(true);
    expect(
      parse({ feeders: two.map(({ name, blankKind }) => ({ name, blankKind })) }).success,
    ).toBe(false);
  });

  it('cannot call a spooler a device', () => {
    expect(parse({ completedMeans: 'hostAccepted' }).success).toBe(true);
    expect(parse({ completedMeans: 'deviceReported' }).success).toBe(false);
  });
});
