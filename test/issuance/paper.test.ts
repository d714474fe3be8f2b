import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CommonStatus } from '../../drivers/contract/words.ts';
import { attemptLimits } from '../../src/issuance/time-limits.ts';
import type { PaperStop } from '../../src/domain/paper-stop.ts';
import type { AttemptProgress } from '../../src/issuance/issuance.ts';
import { Bench, requestOf, type Core } from './bench.ts';

const online: CommonStatus = { state: 'online', reasons: [], requiredAction: 'none' };
const stoppedBy = (...reasons: string[]): CommonStatus => ({
  state: 'hardwareError',
  reasons,
  requiredAction: 'clear',
});

/** What the record holds of the question to the citizen. */
const answersIn = ({ journal }: Core): unknown[] =>
  journal
    .rows(1, journal.size())
    .flatMap(({ event }) =>
      event.kind === 'attempt.stateEntered' && event.from === 'presented' ? [event.faultCode] : [],
    );

describe('an attempt on plain paper', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open();
  });
  afterEach(() => bench.close());

  it('is delivered when the printer reports every sheet', async () => {
    const core = await bench.restart();
    const { settlement, seen } = await bench.print(core, requestOf('kk'));
    expect(settlement).toMatchObject({
      outcome: 'delivered',
      evidence: 'deviceReported',
      blankSerial: null,
    });
    expect(seen).toEqual(['reserving', 'checking', 'printing']);
    expect(bench.registry.requests.get('REQ-kk')?.state).toBe('diserahkan');
  });

  it('is the word of the citizen where only a spooler says that it is done', async () => {
    const core = await bench.restart();
    bench.cabinet.pages.completedMeans = 'hostAccepted';
    const attempt = core.issuance.start(bench.order(requestOf('kk')));
    let asked = 0;
    attempt.onProgress(({ kind }) => {
      if (kind !== 'paperUnclear') return;
      asked += 1;
      attempt.sayPaper(true);
    });
    expect(await attempt.settled).toMatchObject({ outcome: 'delivered', evidence: 'citizenSaid' });
    expect(asked).toBe(1);
  });

  it('is not printed when the printer refused the job', async () => {
    const core = await bench.restart();
    bench.cabinet.pages.refuseNext = true;
    const { settlement } = await bench.print(core, requestOf('kk'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'printerTrouble' });
  });

  it('asks the citizen after an aborted job, and believes a yes', async () => {
    const core = await bench.restart();
    bench.cabinet.pages.nextEnd = { state: 'aborted', impressions: 1 };
    const attempt = core.issuance.start(bench.order(requestOf('kk')));
    attempt.onProgress(({ kind }) => {
      if (kind === 'paperUnclear') attempt.sayPaper(true);
    });
    expect(await attempt.settled).toMatchObject({
      outcome: 'delivered',
      evidence: 'citizenSaid',
      problem: null,
    });
  });

  it('is uncertain after a no, and the same citizen may print again', async () => {
    const core = await bench.restart();
    bench.cabinet.pages.nextEnd = { state: 'aborted', impressions: 1 };
    const attempt = core.issuance.start(bench.order(requestOf('kk')));
    attempt.onProgress(({ kind }) => {
      if (kind === 'paperUnclear') attempt.sayPaper(false);
    });
    expect(await attempt.settled).toMatchObject({
      outcome: 'uncertain',
      problem: 'paperUncertain',
      codeStillCounts: true,
      mayRetryNow: true,
    });
    expect(answersIn(core)).toEqual(['citizenHasItNot']);
    await core.outbox.idle();
    expect(core.issuance.availability().ktpEl).toMatchObject({ available: true });
    expect((await bench.print(core, requestOf('kk'))).settlement.outcome).toBe('delivered');
  });

  it('is uncertain when the citizen says nothing, and the record does not say that they did', async () => {
    const core = await bench.restart();
    bench.cabinet.pages.nextEnd = { state: 'completed', impressions: 1 };
    const { settlement } = await bench.print(core, requestOf('kk'), ({ kind }) => {
      if (kind === 'paperUnclear') bench.later(attemptLimits.askCitizenMs);
    });
    expect(settlement.outcome).toBe('uncertain');
    expect(answersIn(core)).toEqual(['citizenSilent']);
  });

  it('finds the job when its answer got lost', async () => {
    const core = await bench.restart();
    bench.cabinet.interfere({ device: 'pagePrinter', command: 'printPdf', what: 'lost', times: 1 });
    const { settlement } = await bench.print(core, requestOf('kk'));
    expect(settlement).toMatchObject({ outcome: 'delivered', evidence: 'deviceReported' });
    expect(bench.cabinet.pages.jobs).toHaveLength(1);
  });

  it('ends a job that may still put out sheets before it asks the citizen', async () => {
    const core = await bench.restart();
    bench.cabinet.pages.nextEnd = { state: 'processing-stopped', impressions: 0 };
    bench.cabinet.interfere({ device: 'pagePrinter', command: 'printPdf', what: 'lost', times: 1 });
    const { settlement } = await bench.print(core, requestOf('kk'), ({ kind }) => {
      if (kind === 'paperUnclear') bench.later(attemptLimits.askCitizenMs);
    });
    expect(settlement.outcome).toBe('uncertain');
    expect(bench.cabinet.pages.jobs[0]?.state).toBe('canceled');
  });

  it('says that the tray is empty before anything is sent', async () => {
    const core = await bench.restart();
    bench.cabinet.pages.trays = [{ name: 'main', level: 'out' }];
    const { settlement } = await bench.print(core, requestOf('kk'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'paperOut' });
    expect(bench.cabinet.pages.jobs).toEqual([]);
  });

  it('says so, too, of a printer that lists no tray', async () => {
    const core = await bench.restart();
    bench.cabinet.pages.trays = [];
    bench.cabinet.pages.status = stoppedBy('mediaEmpty');
    const { settlement } = await bench.print(core, requestOf('kk'));
    expect(settlement).toMatchObject({ outcome: 'notPrinted', problem: 'paperOut' });
    expect(bench.cabinet.pages.jobs).toEqual([]);
  });
});

describe('a page printer that stops with the job in it', () => {
  let bench: Bench;
  let core: Core;
  beforeEach(async () => {
    bench = await Bench.open();
    core = await bench.restart();
  });
  afterEach(() => bench.close());

  /** What was said after the sheets began to move. */
  async function toldWhile(...meanwhile: CommonStatus[]): Promise<AttemptProgress[]> {
    bench.cabinet.pages.meanwhile = meanwhile;
    const told: AttemptProgress[] = [];
    const attempt = core.issuance.start(bench.order(requestOf('kk')));
    attempt.onProgress((progress) => told.push(progress));
    expect((await attempt.settled).outcome).toBe('delivered');
    return told.slice(told.findIndex((one) => one.kind === 'step' && one.step === 'printing') + 1);
  }

  it.each<[string[], PaperStop]>([
    [['mediaJam'], 'mediaJam'],
    [['coverOpen', 'mediaEmpty'], 'coverOpen'],
    [['mediaEmpty', 'mediaLow'], 'mediaEmpty'],
    [['mediaNeeded'], 'mediaEmpty'],
    [['outputAreaFull'], 'outputAreaFull'],
    [['tonerEmpty'], 'tonerEmpty'],
    [['unreachable'], 'noAnswer'],
    [['fuserTooHot', 'tonerLow'], 'fault'],
    [[], 'fault'],
  ])('by %j says %s, and once it prints again that it goes on', async (reasons, stop) => {
    expect(await toldWhile(stoppedBy(...reasons), online)).toEqual([
      { kind: 'paperStopped', stop },
      { kind: 'paperGoesOn' },
    ]);
  });

  it('says each new cause once, and nothing of what does not stop it', async () => {
    expect(
      await toldWhile(
        { ...online, reasons: ['mediaLow'] },
        stoppedBy('notAcceptingJobs'),
        stoppedBy('mediaJam'),
        stoppedBy('mediaJam', 'tonerLow'),
        stoppedBy('coverOpen'),
      ),
    ).toEqual([
      { kind: 'paperStopped', stop: 'mediaJam' },
      { kind: 'paperStopped', stop: 'coverOpen' },
    ]);
  });

  it('after it was looked at and before the job was sent is told, too', async () => {
    const { pages } = bench.cabinet;
    const attempt = core.issuance.start(bench.order(requestOf('kk')));
    const told: AttemptProgress[] = [];
    attempt.onProgress((progress) => {
      told.push(progress);
      if (progress.kind === 'step' && progress.step === 'printing') {
        pages.status = stoppedBy('coverOpen');
      }
    });
    await attempt.settled;
    expect(told.at(-1)).toEqual({ kind: 'paperStopped', stop: 'coverOpen' });
  });

  it('is not spoken of any more once the job has ended', async () => {
    const { pages } = bench.cabinet;
    pages.nextEnd = { state: 'aborted', impressions: 1 };
    const { seen } = await bench.print(core, requestOf('kk'), ({ kind }) => {
      if (kind !== 'paperUnclear') return;
      bench.cabinet.pagePrinterSays(stoppedBy('mediaJam'));
      bench.later(attemptLimits.askCitizenMs);
    });
    expect(seen.at(-1)).toBe('paperUnclear');
  });
});
