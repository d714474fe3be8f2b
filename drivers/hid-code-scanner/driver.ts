import * as z from 'zod';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { usbPlace } from '../contract/device-place.ts';
import type { CommandHandlers, Driver, DriverFactory, EmitEvent } from '../contract/driver.ts';
import { KeptOpen } from '../contract/kept-open.ts';
import { away, ONLINE, StatusTeller } from '../contract/status-teller.ts';
import { isWanted, usbIdSchema, usbPortSchema } from '../contract/usb-identity.ts';
import type { CommonStatus } from '../contract/words.ts';
import { misconfigured, statusOf } from '../usb/claim-status.ts';
import { PosCodes, TypedCodes, type CodeFault, type CodeReader } from './code-reader.ts';
import {
  USAGE_KEYBOARD,
  USAGE_PAGE_GENERIC_DESKTOP,
  USAGE_PAGE_SCANNER,
  USAGE_SCANNER,
} from './protocol.ts';
import {
  systemHidBus,
  type HidBus,
  type HidHandlers,
  type ListedHid,
  type OpenHid,
} from './transport.ts';
import { systemUsbKeyboardBus, type GrabFault, type UsbKeyboardBus } from './usb-keyboard.ts';

/** Together they pick one scanner of several; without any of them the one scanner in POS mode serves. */
export const hidCodeScannerOptionsSchema = z
  .strictObject({
    vendorId: usbIdSchema.nullable().default(null),
    productId: usbIdSchema.nullable().default(null),
    serialNumber: z.string().min(1).nullable().default(null),
    /** Such as `1-1.4`: needed where two alike have no serial number. */
    port: usbPortSchema.nullable().default(null),
    /**
     * Takes the named device from the kernel and reads what it types, instead of refusing it. For a scanner that
     * cannot be set to POS mode, or keeps a keyboard beside it.
     */
    grabKeyboard: z.boolean().default(false),
  })
  .refine(
    ({ vendorId, productId, grabKeyboard }) =>
      !grabKeyboard || (vendorId !== null && productId !== null),
    { path: ['grabKeyboard'], message: 'needs vendorId and productId: no other keyboard is taken' },
  );
export type HidCodeScannerOptions = z.infer<typeof hidCodeScannerOptionsSchema>;

/** One scanner may offer several collections. */
const placeOf = ({ port, path }: ListedHid): string => port ?? path;

/** A scanner that offers a keyboard as well can type whatever it likes: that it also speaks POS makes it no safer. */
const typesBeside = (scanner: ListedHid, all: readonly ListedHid[]): boolean =>
  all.some((other) => isKeyboard(other) && placeOf(other) === placeOf(scanner));

const isKeyboard = ({ usagePage, usage }: ListedHid): boolean =>
  usagePage === USAGE_PAGE_GENERIC_DESKTOP && usage === USAGE_KEYBOARD;

/** The system shows what one device offers piece by piece; all of it is there by then. */
export const ALL_SHOWN_MS = 2_000;

export interface HidScannerSurroundings {
  readonly clock: Clock;
  readonly bus: HidBus;
  readonly keyboards: UsbKeyboardBus;
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
  #codes: CodeReader = new PosCodes();
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

  #open(lost: (status: CommonStatus) => void): Promise<Result<OpenHid, CommonStatus>> {
    const handlers: HidHandlers = {
      onReport: (report) => this.#take(report),
      onGone: () => lost(away('unplugged')),
    };
    return this.#options.grabKeyboard ? this.#grab(handlers) : this.#openPos(handlers, lost);
  }

  async #grab(handlers: HidHandlers): Promise<Result<OpenHid, CommonStatus>> {
    this.#codes = new TypedCodes();
    this.#lastPartAt = this.#with.clock.monotonicMs();
    const grabbed = await this.#with.keyboards.grab(this.#options, handlers);
    if (grabbed.ok) return grabbed;
    return err(statusOfGrab(grabbed.error));
  }

  async #openPos(
    handlers: HidHandlers,
    lost: (status: CommonStatus) => void,
  ): Promise<Result<OpenHid, CommonStatus>> {
    const { bus } = this.#with;
    const listed = await bus.list();
    if (!listed.ok) return err(away(listed.error));
    const ours = listed.value.filter((device) => isWanted(this.#options, device));
    const scanners = ours.filter(
      ({ usagePage, usage }) => usagePage === USAGE_PAGE_SCANNER && usage === USAGE_SCANNER,
    );
    const [scanner] = scanners;
    if (scanner === undefined) return err(this.#absence(ours));
    if (scanners.some((other) => placeOf(other) !== placeOf(scanner))) {
      return err(misconfigured('twoAlike'));
    }
    if (typesBeside(scanner, listed.value)) return err(misconfigured('keyboardMode'));
    this.#codes = new PosCodes();
    const opened = await bus.open(scanner.path, handlers);
    if (!opened.ok) return err(away(opened.error.kind));
    let isOpen = true;
    const lookAgain = this.#with.clock.after(ALL_SHOWN_MS, () => {
      void bus.list().then((now) => {
        if (isOpen && now.ok && typesBeside(scanner, now.value)) {
          lost(misconfigured('keyboardMode'));
        }
      });
    });
    return ok({
      close: () => {
        isOpen = false;
        lookAgain.cancel();
        return opened.value.close();
      },
    });
  }

  /**
   * A scanner in keyboard mode types into whatever has the focus and cannot be told from a person, so it
   * is not read without leave; it is named only where the configuration names the device.
   */
  #absence(ours: readonly ListedHid[]): CommonStatus {
    const named = this.#options.vendorId !== null && this.#options.productId !== null;
    return named && ours.some(isKeyboard) ? misconfigured('keyboardMode') : away('absent');
  }

  #take(report: Uint8Array): void {
    const now = this.#with.clock.monotonicMs();
    if (this.#codes.midway && now - this.#lastPartAt > this.#codes.maxGapMs) {
      if (this.#codes.forget()) this.#dropped('partMissing');
    }
    if (this.#codes.isPart(report)) this.#lastPartAt = now;
    for (const outcome of this.#codes.take(report)) {
      if (!outcome.ok) {
        this.#dropped(outcome.error);
        continue;
      }
      this.#status.tell(ONLINE);
      this.#emit('codeRead', { payload: outcome.value });
    }
  }

  /** Shows as a reason until the next good read. */
  #dropped(fault: CodeFault | 'partMissing'): void {
    this.#status.tell({ ...ONLINE, reasons: [`readDropped.${fault}`] });
  }
}

function statusOfGrab(fault: GrabFault): CommonStatus {
  switch (fault.kind) {
    case 'noBus':
    case 'usbFailed':
      return away(fault.kind);
    case 'twoAlike':
    case 'noBootKeyboard':
      return misconfigured(fault.kind);
    case 'absent':
    case 'forbidden':
    case 'heldBy':
      return statusOf(fault);
  }
}

export const makeHidCodeScannerFactory = (
  surroundings: HidScannerSurroundings,
): DriverFactory<'codeScanner', HidCodeScannerOptions> => ({
  deviceClass: 'codeScanner',
  options: hidCodeScannerOptionsSchema,
  places: (options) => [usbPlace(options)],
  real: true,
  create: (options, emit) => new HidCodeScanner(options, emit, surroundings),
});

export const hidCodeScannerFactory = makeHidCodeScannerFactory({
  clock: systemClock,
  bus: systemHidBus,
  keyboards: systemUsbKeyboardBus,
});
