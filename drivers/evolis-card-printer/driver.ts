import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CardChannel } from '../contract/card-channel.ts';
import type { CommandFailure } from '../contract/command.ts';
import { usbPlace } from '../contract/device-place.ts';
import type {
  CommandHandlers,
  CommandResult,
  Driver,
  DriverFactory,
  EmitEvent,
  Params,
} from '../contract/driver.ts';
import { KeptOpen } from '../contract/kept-open.ts';
import { away, ONLINE, StatusTeller } from '../contract/status-teller.ts';
import type { CommonStatus, RequiredAction } from '../contract/words.ts';
import { misconfigured } from '../usb/claim-status.ts';
import { otherThan } from '../usb/device-id.ts';
import { openUsbPrinter } from '../usb/find-usb-printer.ts';
import type { OpenPrinter, UsbPrinterBus } from '../usb/usb-printer.ts';
import { PrinterLink, reasonOf, type LinkFault } from './link.ts';
import { Movements } from './movements.ts';
import { evolisOptionsSchema, type EvolisOptions } from './options.ts';
import { endedOf, feederLevels, ribbonLevel, unknownLevel } from './supplies.ts';

/** The reader that stands at the printer's contactless station; it is no part of the printer. */
export interface ContactlessStation extends CardChannel {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface EvolisSurroundings {
  readonly clock: Clock;
  readonly bus: UsbPrinterBus;
  readonly station: ContactlessStation | null;
}

interface Opened {
  readonly link: PrinterLink;
  readonly movements: Movements;
}

const UNSUPPORTED: { readonly ok: false; readonly error: CommandFailure<never> } = err({
  kind: 'unsupported',
});

class EvolisCardPrinter implements Driver<'cardPrinter'> {
  readonly deviceClass = 'cardPrinter';
  readonly handlers: CommandHandlers<'cardPrinter'> = {
    getStatus: () => this.#getStatus(),
    getCapabilities: () => Promise.resolve(ok(this.#capabilities)),
    feedBlank: (params) => this.#feedBlank(params),
    transmitToChip: (params) => this.#transmitToChip(params),
    printSide: (params) => this.#printSide(params),
    presentCard: () => this.#presentCard(),
    retractCard: () => Promise.resolve(UNSUPPORTED),
    rejectCard: () => this.#rejectCard(),
    // Nothing at the exit sees a card, and the printer keeps no word of it.
    lastPresentStatus: () => Promise.resolve(ok({ presented: 'unknown' as const })),
  };
  readonly #options: EvolisOptions;
  readonly #with: EvolisSurroundings;
  readonly #status: StatusTeller;
  readonly #kept: KeptOpen;
  #opened: Opened | null = null;

  constructor(
    options: EvolisOptions,
    emit: EmitEvent<'cardPrinter'>,
    surroundings: EvolisSurroundings,
  ) {
    this.#options = options;
    this.#with = surroundings;
    this.#status = new StatusTeller((status) => emit('statusChanged', status));
    this.#kept = new KeptOpen({
      clock: surroundings.clock,
      open: (lost) => this.#open(lost),
      say: (status) => this.#status.tell(status),
    });
  }

  async start(): Promise<void> {
    await this.#with.station?.start();
    await this.#kept.start();
  }

  async stop(): Promise<void> {
    await this.#kept.stop();
    await this.#with.station?.stop();
  }

  get #capabilities() {
    const { feeders, ribbon } = this.#options;
    return {
      completedMeans: 'deviceReported' as const,
      exitSensor: false,
      retract: false,
      rejectBin: true,
      rejectCount: false,
      // `Rlr;p` tells that a card is in it, not where.
      cardPosition: false,
      // It counts what was fed and printed, not what left it.
      counters: false,
      flip: ribbon === 'ymckok',
      contactless: this.#with.station !== null,
      serialReader: false,
      feeders: feeders.map(({ name, blankKind }) => ({ name, blankKind })),
    };
  }

  async #open(lost: (status: CommonStatus) => void) {
    const opened = await openUsbPrinter(this.#with.bus, this.#options, () => {
      this.#opened = null;
      lost(away('unplugged'));
    });
    if (!opened.ok) return opened;
    const refused = await this.#greet(opened.value);
    if (refused === null) return opened;
    await opened.value.close();
    return err(refused);
  }

  /** Makes sure that it is the model that is meant and talks, and that it leaves errors to us. Null: it is. */
  async #greet(printer: OpenPrinter): Promise<CommonStatus | null> {
    const identity = await printer.deviceId();
    if (!identity.ok) return unreached(identity.error);
    const other = otherThan(this.#options, identity.value);
    if (other !== null) return misconfigured(other);
    const link = new PrinterLink(printer, this.#with.clock);
    const movements = new Movements(link, this.#options, this.#with.station !== null);
    const greeted = await movements.greet();
    if (!greeted.ok) return unreached(greeted.error);
    this.#opened = { link, movements };
    return null;
  }

  /** Asks no further once the printer is silent: it would be as silent about the rest. */
  async #getStatus(): Promise<CommandResult<'cardPrinter', 'getStatus'>> {
    const unseen = {
      media: 'unknown' as const,
      rejectBin: 'unknown' as const,
      counters: null,
    };
    const unknown = {
      ...unseen,
      feeders: this.#options.feeders.map(unknownLevel),
      ribbon: 'unknown' as const,
    };
    const opened = this.#opened;
    if (opened === null) return ok({ ...this.#status.latest, ...unknown });
    const { link } = opened;
    const standing = await this.#standing(opened);
    if (!standing.ok) return ok({ ...unreached(standing.error), ...unknown });
    const common = standing.value;
    link.allow(STATUS_MS);
    // What stands in a fault may take no question.
    if (common.state !== 'online') return ok({ ...common, ...unknown });
    const feeders = await feederLevels(link, this.#options);
    if (!feeders.ok) return ok({ ...unreached(feeders.error), ...unknown });
    const ribbon = await ribbonLevel(link, this.#options);
    if (!ribbon.ok) return ok({ ...unreached(ribbon.error), ...unknown });
    return ok({ ...common, ...unseen, feeders: feeders.value, ribbon: ribbon.value });
  }

  async #feedBlank({
    feeder,
    blankKind,
  }: Params<'cardPrinter', 'feedBlank'>): Promise<CommandResult<'cardPrinter', 'feedBlank'>> {
    const configured = this.#options.feeders.find(({ name }) => name === feeder);
    if (configured?.blankKind !== blankKind) {
      return err({ kind: 'invalidData', reason: `no ${blankKind} in a feeder ${feeder}` });
    }
    const fed = await this.#moving((movements) => movements.feed(configured.input));
    return fed.ok ? ok({ serial: null, blankKind: null }) : fed;
  }

  async #printSide({
    side,
    rgbBase64,
  }: Params<'cardPrinter', 'printSide'>): Promise<CommandResult<'cardPrinter', 'printSide'>> {
    if (side === 'back' && !this.#capabilities.flip) return UNSUPPORTED;
    const rgb = Buffer.from(rgbBase64, 'base64');
    const printed = await this.#moving((movements) => movements.print(side, rgb));
    return printed.ok ? ok({}) : printed;
  }

  async #presentCard(): Promise<CommandResult<'cardPrinter', 'presentCard'>> {
    const ejected = await this.#moving((movements) => movements.eject());
    return ejected.ok ? ok({ media: 'unknown' as const }) : ejected;
  }

  async #rejectCard(): Promise<CommandResult<'cardPrinter', 'rejectCard'>> {
    const rejected = await this.#moving((movements) => movements.reject());
    return rejected.ok ? ok({ counters: null }) : rejected;
  }

  async #transmitToChip({
    apduHex,
  }: Params<'cardPrinter', 'transmitToChip'>): Promise<
    CommandResult<'cardPrinter', 'transmitToChip'>
  > {
    const { station } = this.#with;
    if (station === null) return UNSUPPORTED;
    if (this.#opened === null) return err({ kind: 'deviceGone' });
    this.#opened.link.allow(STATUS_MS);
    const inside = await this.#opened.movements.isCardInside();
    if (!inside.ok) return inside;
    if (!inside.value) return err({ kind: 'commandError', errorCode: 'noMedia' });
    const answer = await station.transmit(Buffer.from(apduHex, 'hex'));
    if (answer.ok) return ok({ responseHex: Buffer.from(answer.value).toString('hex') });
    return answer.error.kind === 'readerGone'
      ? err({ kind: 'hardwareError', reason: 'stationReaderGone' })
      : err({ kind: 'commandError', errorCode: 'chipSilent' });
  }

  /** Tells afterwards whether the printer stands in a fault, which it does not say by itself. */
  async #moving<T, E extends string>(
    move: (movements: Movements) => Promise<Result<T, CommandFailure<E>>>,
  ): Promise<Result<T, CommandFailure<E>>> {
    const opened = this.#opened;
    if (opened === null) {
      const { reasons, state } = this.#status.latest;
      return err({ kind: 'notReady', reason: reasons[0] ?? state });
    }
    const moved = await move(opened.movements);
    const standing = await this.#standing(opened);
    if (standing.ok && this.#opened !== null) this.#status.tell(standing.value);
    return moved;
  }

  /** As the port has it. It has one line for a feeder and a ribbon at their ends. */
  async #standing({ link, movements }: Opened): Promise<Result<CommonStatus, LinkFault>> {
    const port = await link.portStatus();
    if (!port.ok) return port;
    const ended = movements.endedWith(port.value);
    if (link.broken) return ok(standsIn('brokenStream', 'reset'));
    if (port.value.fault) return ok(standsIn('mediaJammed', 'clear'));
    if (!port.value.outOfMedia) return ok(ONLINE);
    const what = ended ?? (await endedOf(link, this.#options));
    return ok(standsIn(what ?? 'mediaOrRibbonOut', 'maintenance'));
  }
}

/** Nine tenths of what core waits for a status. */
const STATUS_MS = 4_500;

const standsIn = (reason: string, requiredAction: RequiredAction): CommonStatus => ({
  state: 'hardwareError',
  reasons: [reason],
  requiredAction,
});

const unreached = (fault: LinkFault): CommonStatus => away(reasonOf(fault));

export const makeEvolisCardPrinterFactory = (
  surroundings: (options: EvolisOptions) => EvolisSurroundings,
): DriverFactory<'cardPrinter', EvolisOptions> => ({
  deviceClass: 'cardPrinter',
  options: evolisOptionsSchema,
  places: (options) => [usbPlace(options)],
  real: true,
  create: (options, emit) => new EvolisCardPrinter(options, emit, surroundings(options)),
});
