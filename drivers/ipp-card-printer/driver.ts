import { systemClock, type Clock, type TimerHandle } from '../../src/base/clock.ts';
import { newId } from '../../src/base/ids.ts';
import { err, ok } from '../../src/base/result.ts';
import type { CardPrinterStatus } from '../contract/card-printer.ts';
import type { CommandFailure } from '../contract/command.ts';
import type {
  CommandHandlers,
  CommandResult,
  Driver,
  DriverFactory,
  EmitEvent,
  Params,
} from '../contract/driver.ts';
import { StatusTeller } from '../contract/status-teller.ts';
import { JobControl, type Choose } from '../ipp/job-control.ts';
import { sizeToAskFor } from '../ipp/media-size.ts';
import { PrinterClient } from '../ipp/printer-client.ts';
import { completedMeansOf, misfitOf } from '../ipp/printer-facts.ts';
import type { PrinterAttributes } from '../ipp/printer-state.ts';
import { OldJobs } from '../ipp/old-jobs.ts';
import { misfitting, OLD_JOB, statusWithout, withOldJob } from '../ipp/trouble.ts';
import { cardDocument, PICTURE } from './card-document.ts';
import {
  ippCardPrinterOptionsSchema,
  type ConfiguredFeeder,
  type IppCardPrinterOptions,
} from './options.ts';
import { statusOfCardPrinter, statusOfSilent } from './status.ts';

/** How often an idle printer is asked, so that the screen knows beforehand that blanks ran out. */
const STATUS_EVERY_MS = 3_000;
/** Below the contract's limit for presentCard, with time left to take the job back. */
const JOB_LIMIT_MS = 80_000;
/** ISO/IEC 7810 ID-1 in hundredths of a millimetre. */
const CR80 = { 'x-dimension': 8_560, 'y-dimension': 5_398 };
const CR80_UPRIGHT = { 'x-dimension': 5_398, 'y-dimension': 8_560 };
/** PPDs round a card to whole points, and some to whole millimetres. */
const CR80_TOLERANCE = 60;

/** A card that was asked for, of which nothing has moved yet. */
interface AskedCard {
  readonly feeder: ConfiguredFeeder;
  readonly picture: Buffer | null;
}

/** By this a job of ours is known after a restart. */
const JOB_PREFIX = 'card';
const UNSUPPORTED: { readonly ok: false; readonly error: CommandFailure<never> } = err({
  kind: 'unsupported',
});
const NO_MEDIA = err({ kind: 'commandError', errorCode: 'noMedia' } as const);

/** A card printer of which a host knows only how to print a page: an IPP printer or a queue of CUPS. */
export const ippCardPrinterFactory: DriverFactory<'cardPrinter', IppCardPrinterOptions> = {
  deviceClass: 'cardPrinter',
  options: ippCardPrinterOptionsSchema,
  real: true,
  create: (options, emit) => new IppCardPrinter(options, emit, systemClock),
};

/**
 * Such a printer takes a card from its hopper, prints it and lays it out in one job. So `feedBlank` and
 * `printSide` only make sure that it would, and the card moves in `presentCard`, whose intent is durable by then.
 */
export class IppCardPrinter implements Driver<'cardPrinter'> {
  readonly deviceClass = 'cardPrinter';
  readonly handlers: CommandHandlers<'cardPrinter'> = {
    getStatus: async () => ok(await this.#askStatus()),
    getCapabilities: () => this.#getCapabilities(),
    feedBlank: (params) => this.#feedBlank(params),
    transmitToChip: () => Promise.resolve(UNSUPPORTED),
    printSide: (params) => Promise.resolve(this.#printSide(params)),
    presentCard: () => this.#presentCard(),
    retractCard: () => Promise.resolve(UNSUPPORTED),
    rejectCard: () => {
      // It has no bin, and whoever asks for one does not want the card any more.
      this.#asked = null;
      return Promise.resolve(UNSUPPORTED);
    },
    lastPresentStatus: () => Promise.resolve(ok({ presented: 'unknown' as const })),
  };
  readonly #options: IppCardPrinterOptions;
  readonly #clock: Clock;
  readonly #client: PrinterClient;
  readonly #jobs: JobControl;
  readonly #oldJobs: OldJobs;
  readonly #teller: StatusTeller;
  #asked: AskedCard | null = null;
  /** Of the card that is being presented the printer itself told. */
  #jobSeen = false;
  #timer: TimerHandle | undefined;
  #stopped = false;

  constructor(options: IppCardPrinterOptions, emit: EmitEvent<'cardPrinter'>, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#client = new PrinterClient(options.uri, options.socketPath);
    this.#teller = new StatusTeller((status) => emit('statusChanged', status));
    this.#jobs = new JobControl(this.#client, clock, {
      onProgress: () => {
        this.#jobSeen = true;
      },
      onPoll: async () => {
        await this.#askStatus();
      },
    });
    this.#oldJobs = new OldJobs(this.#client, this.#jobs, clock, JOB_PREFIX);
  }

  async start(): Promise<void> {
    await this.#oldJobs.endIfAny();
    await this.#askStatus();
    if (!this.#stopped) {
      this.#timer = this.#clock.after(STATUS_EVERY_MS, () => void this.start());
    }
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#jobs.stop();
    return Promise.resolve();
  }

  async #askStatus(): Promise<CardPrinterStatus> {
    const { feeders } = this.#options;
    const attributes = await this.#client.printerAttributes();
    if (!attributes.ok) this.#oldJobs.lookAgain();
    const status = attributes.ok
      ? statusOfCardPrinter(attributes.value, feeders)
      : statusOfSilent(statusWithout(attributes.error), feeders);
    const misfit = attributes.ok ? this.#misfitOf(attributes.value) : null;
    const fit = misfit === null ? status : { ...status, ...misfitting(misfit) };
    const whole = attributes.ok && this.#oldJobs.left ? withOldJob(fit) : fit;
    const { state, reasons, requiredAction } = whole;
    if (!this.#stopped) this.#teller.tell({ state, reasons, requiredAction });
    return whole;
  }

  async #getCapabilities(): Promise<CommandResult<'cardPrinter', 'getCapabilities'>> {
    const attributes = await this.#client.printerAttributes();
    if (!attributes.ok) return err({ kind: 'notReady', reason: attributes.error.kind });
    return ok({
      completedMeans: completedMeansOf(attributes.value, this.#options.completedMeans),
      exitSensor: false,
      retract: false,
      rejectBin: false,
      rejectCount: false,
      cardPosition: false,
      counters: false,
      // How a driver turns a card over, and which way up, is the vendor's; none was seen.
      flip: false,
      contactless: false,
      serialReader: false,
      feeders: this.#options.feeders.map(({ name, blankKind }) => ({ name, blankKind })),
    });
  }

  async #feedBlank({
    feeder,
    blankKind,
  }: Params<'cardPrinter', 'feedBlank'>): Promise<CommandResult<'cardPrinter', 'feedBlank'>> {
    const configured = this.#options.feeders.find(({ name }) => name === feeder);
    if (configured?.blankKind !== blankKind) {
      return err({ kind: 'invalidData', reason: `no ${blankKind} in a feeder ${feeder}` });
    }
    // A card that was asked for before and not presented never left its hopper: this one takes its place.
    this.#asked = null;
    await this.#oldJobs.endIfAny();
    const status = await this.#askStatus();
    if (status.feeders.some(({ name, level }) => name === feeder && level === 'out')) {
      // Not the feeder's word that a movement failed: none was tried.
      return err({ kind: 'notReady', reason: 'feederEmpty' });
    }
    if (status.state !== 'online') {
      return err({ kind: 'notReady', reason: status.reasons[0] ?? status.state });
    }
    if (!(await this.#oldJobs.end())) return err({ kind: 'notReady', reason: OLD_JOB });
    const ready = await this.#jobs.prepare({
      jobName: newId(JOB_PREFIX),
      pages: 1,
      choose: this.#choose(configured.source),
    });
    if (!ready.ok) return err(refusedAsNotReady(ready.error));
    this.#asked = { feeder: configured, picture: null };
    return ok({ serial: null, blankKind: null });
  }

  #printSide({
    side,
    rgbBase64,
  }: Params<'cardPrinter', 'printSide'>): CommandResult<'cardPrinter', 'printSide'> {
    if (side === 'back') return UNSUPPORTED;
    if (this.#asked === null) return NO_MEDIA;
    if (this.#asked.picture !== null) return err({ kind: 'notReady', reason: 'sidePrinted' });
    const picture = Buffer.from(rgbBase64, 'base64');
    if (picture.length !== PICTURE.bytes) {
      return err({ kind: 'invalidData', reason: `a picture of ${picture.length} bytes` });
    }
    this.#asked = { ...this.#asked, picture };
    return ok({});
  }

  /** The one command that moves a card: out of the hopper, under the head, and out. */
  async #presentCard(): Promise<CommandResult<'cardPrinter', 'presentCard'>> {
    const asked = this.#asked;
    if (asked === null) return NO_MEDIA;
    this.#asked = null;
    const jobName = newId(JOB_PREFIX);
    await this.#oldJobs.begin(jobName);
    this.#jobSeen = false;
    const printed = await this.#jobs.print(cardDocument(asked.picture), {
      jobName,
      pages: 1,
      choose: this.#choose(asked.feeder.source),
      timeLimitMs: JOB_LIMIT_MS,
    });
    if (!printed.ok) {
      const failure = refusedAsNotReady(printed.error);
      if (failure.kind !== 'noAnswer') this.#oldJobs.over();
      else {
        // Nobody will be standing there when it goes on.
        this.#oldJobs.abandon(this.#jobSeen);
        if (!this.#stopped) await this.#oldJobs.end();
      }
      return err(failure);
    }
    this.#oldJobs.over();
    const { state, reasons } = printed.value;
    if (state !== 'completed') return err({ kind: 'hardwareError', reason: `job.${state}` });
    // RFC 8011 §5.3.8: processed to its end, and something of it went wrong.
    return reasons.includes('job-completed-with-errors')
      ? err({ kind: 'hardwareError', reason: 'job.completedWithErrors' })
      : ok({ media: 'unknown' as const });
  }

  /** Of all its feeders: one that it has not got is a mistake before anybody asks for a card from it. */
  #misfitOf(printer: PrinterAttributes): string | null {
    const chosen = this.#options.feeders.map(({ source }) => this.#choose(source)(printer));
    return chosen.flatMap((one) => (one.ok ? [] : [one.error]))[0] ?? null;
  }

  #choose(source: string | null): Choose {
    return (printer) => {
      const misfit = misfitOf(printer, this.#options);
      if (misfit !== null) return err(misfit);
      // A card from whichever hopper it likes may be of another kind.
      if (source !== null && !printer['media-source-supported'].includes(source)) {
        return err('noSuchSource');
      }
      const listed = printer['media-size-supported'];
      const mediaSize =
        sizeToAskFor(listed, CR80, CR80_TOLERANCE) ??
        sizeToAskFor(listed, CR80_UPRIGHT, CR80_TOLERANCE);
      return mediaSize === null ? err('noSuchMedia') : ok({ mediaSize, mediaSource: source });
    };
  }
}

/** A job that was refused before its document moved nothing: the contract's word for that is `notReady`. */
function refusedAsNotReady(failure: CommandFailure): CommandFailure<never> {
  return failure.kind === 'commandError' ? { kind: 'notReady', reason: 'jobRefused' } : failure;
}
