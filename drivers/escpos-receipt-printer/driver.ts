import { randomInt } from 'node:crypto';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
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
import { placesOf } from '../serial-line/place.ts';
import { usbPorts } from '../serial-line/usb-ports.ts';
import { systemUsbPrinterBus } from '../usb/system-usb-printers.ts';
import type { CommonStatus } from '../contract/words.ts';
import { PrinterLink, type LinkFault } from './link.ts';
import { escposOptionsSchema, type EscposOptions } from './options.ts';
import { printJob, type JobEnd } from './print-job.ts';
import { CLEAR_BUFFERS, TELL_CHANGES, type PrinterState } from './protocol.ts';
import { encodeReceipt } from './receipt.ts';
import { commonStatusOf, statusOf, unreached, type Reason } from './status.ts';
import { lineOf, type OpenPrinterLine, type PrinterLine } from './transport.ts';

export interface EscposSurroundings {
  readonly clock: Clock;
  readonly openLine: OpenPrinterLine;
}

interface Opened {
  readonly link: PrinterLink;
  readonly lost: (status: CommonStatus) => void;
}

type Printed = CommandResult<'receiptPrinter', 'printReceipt'>;

const UNKNOWN = { paper: 'unknown', cover: 'unknown' } as const;
const GREETING_MS = 2_000;
const PROCESS_IDS = 10_000;

class EscposReceiptPrinter implements Driver<'receiptPrinter'> {
  readonly deviceClass = 'receiptPrinter';
  readonly handlers: CommandHandlers<'receiptPrinter'> = {
    getStatus: () => this.#getStatus(),
    getCapabilities: () => Promise.resolve(ok(this.#capabilities)),
    printReceipt: (params) => this.#printReceipt(params),
  };
  readonly #options: EscposOptions;
  readonly #with: EscposSurroundings;
  readonly #status: StatusTeller;
  readonly #kept: KeptOpen;
  #opened: Opened | null = null;
  /** As the printer described itself when it was found. */
  #found: CommonStatus = ONLINE;
  /** Begins anywhere, so that an answer owed to a driver before this one is not taken for one of ours. */
  #receipts = randomInt(PROCESS_IDS);

  constructor(
    options: EscposOptions,
    emit: EmitEvent<'receiptPrinter'>,
    surroundings: EscposSurroundings,
  ) {
    this.#options = options;
    this.#with = surroundings;
    this.#status = new StatusTeller((status) => emit('statusChanged', status));
    this.#kept = new KeptOpen({
      clock: surroundings.clock,
      open: (lost) => this.#open(lost),
      say: (status) => this.#status.tell(status === ONLINE ? this.#found : status),
    });
  }

  start(): Promise<void> {
    return this.#kept.start();
  }

  async stop(): Promise<void> {
    this.#opened?.link.end('gone');
    this.#opened = null;
    await this.#kept.stop();
  }

  get #capabilities() {
    const { columns, cutter, paperNearEnd, coverSensor, endOfJob } = this.#options;
    const completedMeans = endOfJob === 'processId' ? 'deviceReported' : 'hostAccepted';
    return { columns, cutter, paperNearEnd, coverSensor, completedMeans } as const;
  }

  async #open(lost: (status: CommonStatus) => void) {
    const link = new PrinterLink(this.#with.clock, (state) => {
      if (this.#opened?.link === link) this.#tell(state);
      else this.#found = commonStatusOf(state, this.#options);
    });
    const opened = await this.#with.openLine({
      onBytes: link.onBytes,
      onGone: () => {
        link.end('gone');
        if (this.#opened?.link === link) this.#opened = null;
        lost(away('unplugged'));
      },
    });
    if (!opened.ok) return opened;
    const line = opened.value;
    const greeted = await this.#greet(link, line);
    if (!greeted.ok) {
      await line.close();
      return err(unreached(greeted.error));
    }
    this.#opened = { link, lost };
    return opened;
  }

  /** Makes sure that it talks; throws away what it still holds of a former session. */
  async #greet(link: PrinterLink, line: PrinterLine): Promise<Result<unknown, LinkFault>> {
    const begun = await link.begin(line);
    if (!begun.ok) return begun;
    const state = await link.state();
    if (!state.ok) return state;
    this.#found = commonStatusOf(state.value, this.#options);
    const { clearsBuffers, automaticStatus } = this.#options;
    if (clearsBuffers) {
      const isCleared = ({ kind }: { readonly kind: string }) => kind === 'cleared';
      const cleared = await link.ask(CLEAR_BUFFERS, isCleared, GREETING_MS);
      if (!cleared.ok) return cleared;
    }
    return automaticStatus ? link.send(TELL_CHANGES, GREETING_MS) : ok(undefined);
  }

  async #getStatus(): Promise<CommandResult<'receiptPrinter', 'getStatus'>> {
    const opened = this.#opened;
    if (opened === null) return ok({ ...this.#status.latest, ...UNKNOWN });
    const state = await opened.link.state();
    if (!state.ok) {
      this.#drop(opened, state.error);
      return ok({ ...unreached(state.error), ...UNKNOWN });
    }
    this.#tell(state.value);
    return ok(statusOf(state.value, this.#options));
  }

  async #printReceipt({ items }: Params<'receiptPrinter', 'printReceipt'>): Promise<Printed> {
    const opened = this.#opened;
    if (opened === null) return err({ kind: 'deviceGone' });
    const { clock } = this.#with;
    const job = {
      link: opened.link,
      clock,
      options: this.#options,
      onState: (state: PrinterState) => this.#tell(state),
    };
    this.#receipts = (this.#receipts + 1) % PROCESS_IDS;
    const id = String(this.#receipts).padStart(4, '0');
    const end = await printJob(job, encodeReceipt(items, this.#options), id);
    if (end.kind === 'lost') this.#drop(opened, end.fault);
    if (end.kind === 'printed' && end.fault !== null) this.#drop(opened, end.fault);
    if (end.kind === 'notBegun' && isLinkFault(end.reason)) this.#drop(opened, end.reason);
    // It is asked to clear again when the line is opened anew.
    const uncleared = end.kind === 'stopped' && end.rest === 'mayFollow';
    if (uncleared && this.#options.clearsBuffers) this.#drop(opened, 'late');
    return resultOf(end);
  }

  #tell(state: PrinterState): void {
    this.#status.tell(commonStatusOf(state, this.#options));
  }

  /** Closes a line that can be trusted no more; it is opened anew, which waits until all that was owed has come. */
  #drop(opened: Opened, fault: LinkFault): void {
    if (this.#opened !== opened) return;
    this.#opened = null;
    opened.link.end(fault);
    opened.lost(unreached(fault));
  }
}

const LINK_FAULTS: readonly string[] = ['late', 'gone', 'stalled', 'garbled'];
const isLinkFault = (reason: Reason | LinkFault): reason is LinkFault =>
  LINK_FAULTS.includes(reason);

const ERROR_CODES = {
  mediaEmpty: 'paperOut',
  coverOpen: 'coverOpen',
  cutterJammed: 'cutterJammed',
} as const;
const hasCode = (reason: Reason | LinkFault): reason is keyof typeof ERROR_CODES =>
  Object.hasOwn(ERROR_CODES, reason);

function resultOf(end: JobEnd): Printed {
  switch (end.kind) {
    case 'printed':
      return ok({ evidence: end.evidence });
    case 'notBegun':
      if (end.reason === 'gone') return err({ kind: 'deviceGone' });
      return hasCode(end.reason)
        ? err({ kind: 'commandError', errorCode: ERROR_CODES[end.reason] })
        : err({ kind: 'notReady', reason: end.reason });
    case 'stopped':
      return hasCode(end.reason)
        ? err({ kind: 'commandError', errorCode: ERROR_CODES[end.reason] })
        : err({ kind: 'hardwareError', reason: end.reason });
    case 'lost':
      if (end.fault === 'gone') return err({ kind: 'deviceGone' });
      return end.fault === 'late'
        ? err({ kind: 'noAnswer' })
        : err({ kind: 'hardwareError', reason: end.fault });
  }
}

export const makeEscposReceiptPrinterFactory = (
  surroundings: (options: EscposOptions) => EscposSurroundings,
): DriverFactory<'receiptPrinter', EscposOptions> => ({
  deviceClass: 'receiptPrinter',
  options: escposOptionsSchema,
  real: true,
  places: ({ connection }) =>
    connection.kind === 'serial' ? placesOf(connection) : [usbPlace(connection)],
  create: (options, emit) => new EscposReceiptPrinter(options, emit, surroundings(options)),
});

export const escposReceiptPrinterFactory = makeEscposReceiptPrinterFactory(({ connection }) => ({
  clock: systemClock,
  openLine: lineOf(connection, systemClock, {
    printers: systemUsbPrinterBus,
    listSerialPorts: usbPorts,
  }),
}));
