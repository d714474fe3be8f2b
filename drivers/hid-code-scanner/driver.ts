import * as z from 'zod';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { CommandHandlers, Driver, DriverFactory, EmitEvent } from '../contract/driver.ts';
import { KeptOpen } from '../contract/kept-open.ts';
import { away, ONLINE, StatusTeller } from '../contract/status-teller.ts';
import { isWanted, usbIdSchema, usbPortSchema } from '../contract/usb-identity.ts';
import type { CommonStatus } from '../contract/words.ts';
import {
  joinReport,
  USAGE_KEYBOARD,
  USAGE_PAGE_GENERIC_DESKTOP,
  USAGE_PAGE_SCANNER,
  USAGE_SCANNER,
  type Joining,
  type ReportFault,
} from './protocol.ts';
import { systemHidBus, type HidBus, type ListedHid, type OpenHid } from './transport.ts';

/** Together they pick one scanner of several; without any of them the one scanner in POS mode serves. */
export const hidCodeScannerOptionsSchema = z.strictObject({
  vendorId: usbIdSchema.nullable().default(null),
  productId: usbIdSchema.nullable().default(null),
  serialNumber: z.string().min(1).nullable().default(null),
  /** Such as `1-1.4`: needed where two alike have no serial number. */
  port: usbPortSchema.nullable().default(null),
});
export type HidCodeScannerOptions = z.infer<typeof hidCodeScannerOptionsSchema>;

/** Which of them stands where the citizen scans is for the configuration to say. */
const TWO_ALIKE: CommonStatus = {
  state: 'userError',
  reasons: ['twoAlike'],
  requiredAction: 'configuration',
};

/** One scanner may offer several collections. */
const placeOf = ({ port, path }: ListedHid): string => port ?? path;

/** The parts of one code follow each other at once; one that comes later begins another code. */
export const MAX_PART_GAP_MS = 500;

export interface HidScannerSurroundings {
  readonly clock: Clock;
  readonly bus: HidBus;
}

class HidCodeScanner implements Driver<'codeScanner'> {
  readonly deviceClass = 'codeScanner';
  readonly handlers: CommandHandlers<'codeScanner'> = {
    getStatus: () => Promise.resolve(ok(this.#status.latest)),
    getCapabilities: () => Promise.resolve(ok({ switchable: false, framed: false })),
  };
  readonly #options: HidCodeScannerOptions;
  readonly #emit: EmitEvent<'codeScanner'>;
  readonly #with: HidScannerSurroundings;
  readonly #status: StatusTeller;
  readonly #kept: KeptOpen;
  #joining: Joining = null;
  #lastPartAt = 0;

  constructor(
    options: HidCodeScannerOptions,
    emit: EmitEvent<'codeScanner'>,
    surroundings: HidScannerSurroundings,
  ) {
    this.#options = options;
    this.#emit = emit;
    this.#with = surroundings;
    this.#status = new StatusTeller((status) => emit('statusChanged', status));
    this.#kept = new KeptOpen({
      clock: surroundings.clock,
      open: (lost) => this.#open(lost),
      say: (status) => this.#status.tell(status),
    });
  }

  start(): Promise<void> {
    return this.#kept.start();
  }

  stop(): Promise<void> {
    return this.#kept.stop();
  }

  async #open(lost: (status: CommonStatus) => void): Promise<Result<OpenHid, CommonStatus>> {
    const { bus } = this.#with;
    const ours = (await bus.list()).filter((device) => isWanted(this.#options, device));
    const scanners = ours.filter(
      ({ usagePage, usage }) => usagePage === USAGE_PAGE_SCANNER && usage === USAGE_SCANNER,
    );
    const [scanner] = scanners;
    if (scanner === undefined) return err(this.#absence(ours));
    if (scanners.some((other) => placeOf(other) !== placeOf(scanner))) return err(TWO_ALIKE);
    this.#joining = null;
    const opened = await bus.open(scanner.path, {
      onReport: (report) => this.#take(report),
      onGone: () => lost(away('unplugged')),
    });
    return opened.ok ? opened : err(away(opened.error.kind));
  }

  /**
   * A scanner in keyboard mode types into whatever has the focus and cannot be told from a person, so it
   * is never read; it is named only where the configuration names the device.
   */
  #absence(ours: readonly ListedHid[]): CommonStatus {
    const named = this.#options.vendorId !== null && this.#options.productId !== null;
    const types = ours.some(
      ({ usagePage, usage }) =>
        usagePage === USAGE_PAGE_GENERIC_DESKTOP && usage === USAGE_KEYBOARD,
    );
    return named && types
      ? { state: 'userError', reasons: ['keyboardMode'], requiredAction: 'configuration' }
      : away('absent');
  }

  #take(report: Uint8Array): void {
    const now = this.#with.clock.monotonicMs();
    if (this.#joining !== null && now - this.#lastPartAt > MAX_PART_GAP_MS) {
      this.#joining = null;
      this.#dropped('partMissing');
    }
    this.#lastPartAt = now;
    const { joining, outcome } = joinReport(this.#joining, report);
    this.#joining = joining;
    if (outcome === null) return;
    if (!outcome.ok) {
      this.#dropped(outcome.error);
      return;
    }
    this.#status.tell(ONLINE);
    this.#emit('codeRead', { payload: outcome.value });
  }

  /** Shows as a reason until the next good read. */
  #dropped(fault: ReportFault | 'partMissing'): void {
    this.#status.tell({ ...ONLINE, reasons: [`readDropped.${fault}`] });
  }
}

export const makeHidCodeScannerFactory = (
  surroundings: HidScannerSurroundings,
): DriverFactory<'codeScanner', HidCodeScannerOptions> => ({
  deviceClass: 'codeScanner',
  options: hidCodeScannerOptionsSchema,
  real: true,
  create: (options, emit) => new HidCodeScanner(options, emit, surroundings),
});

export const hidCodeScannerFactory = makeHidCodeScannerFactory({
  clock: systemClock,
  bus: systemHidBus,
});
