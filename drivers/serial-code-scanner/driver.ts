import * as z from 'zod';
import { systemClock, type Clock } from '../../src/base/clock.ts';
import { ok, type Result } from '../../src/base/result.ts';
import type { CommandHandlers, Driver, DriverFactory, EmitEvent } from '../contract/driver.ts';
import { KeptOpen } from '../contract/kept-open.ts';
import { away, ONLINE, StatusTeller } from '../contract/status-teller.ts';
import type { CommonStatus } from '../contract/words.ts';
import { FrameDecoder, LineDecoder, type ScanDecoder, type ScanEvent } from './protocol.ts';
import {
  openAt,
  placeOf,
  placesOf,
  serialPlaceOptions,
  type SerialBus,
} from '../serial-line/place.ts';
import { openSerialLine, type SerialLine } from '../serial-line/serial-line.ts';
import { usbPorts } from '../serial-line/usb-ports.ts';

const options = z.strictObject({
  ...serialPlaceOptions,
  baudRate: z.number().int().positive().default(115_200),
  /** `stxEtx`: framed with a check. `crTerminated`: bare text ended by CR, for scanners that know no frame. */
  framing: z.enum(['stxEtx', 'crTerminated']).default('stxEtx'),
});
export const serialCodeScannerOptionsSchema = options.transform(placeOf<z.infer<typeof options>>);
export type SerialCodeScannerOptions = z.infer<typeof serialCodeScannerOptionsSchema>;

export interface SerialScannerSurroundings extends SerialBus {
  readonly clock: Clock;
}

class SerialCodeScanner implements Driver<'codeScanner'> {
  readonly deviceClass = 'codeScanner';
  readonly handlers: CommandHandlers<'codeScanner'>;
  readonly #options: SerialCodeScannerOptions;
  readonly #emit: EmitEvent<'codeScanner'>;
  readonly #with: SerialScannerSurroundings;
  readonly #status: StatusTeller;
  readonly #kept: KeptOpen;

  constructor(
    options: SerialCodeScannerOptions,
    emit: EmitEvent<'codeScanner'>,
    surroundings: SerialScannerSurroundings,
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
    const framed = options.framing === 'stxEtx';
    this.handlers = {
      getStatus: () => Promise.resolve(ok(this.#status.latest)),
      getCapabilities: () => Promise.resolve(ok({ switchable: false, framed })),
    };
  }

  start(): Promise<void> {
    return this.#kept.start();
  }

  stop(): Promise<void> {
    return this.#kept.stop();
  }

  #open(lost: (status: CommonStatus) => void): Promise<Result<SerialLine, CommonStatus>> {
    const decoder = this.#newDecoder();
    const { place, baudRate } = this.#options;
    return openAt(
      place,
      baudRate,
      {
        onBytes: (bytes) => {
          for (const event of decoder.push(bytes)) this.#tell(event);
        },
        onGone: () => lost(away('unplugged')),
      },
      this.#with,
    );
  }

  /** A dropped read shows as a reason until the next good one. */
  #tell(event: ScanEvent): void {
    if (event.kind === 'code') {
      this.#status.tell(ONLINE);
      this.#emit('codeRead', { payload: event.payload });
      return;
    }
    this.#status.tell({ ...ONLINE, reasons: [`readDropped.${event.fault}`] });
  }

  #newDecoder(): ScanDecoder {
    return this.#options.framing === 'stxEtx'
      ? new FrameDecoder()
      : new LineDecoder(this.#with.clock);
  }
}

export const makeSerialCodeScannerFactory = (
  surroundings: SerialScannerSurroundings,
): DriverFactory<'codeScanner', SerialCodeScannerOptions> => ({
  deviceClass: 'codeScanner',
  options: serialCodeScannerOptionsSchema,
  places: placesOf,
  real: true,
  create: (options, emit) => new SerialCodeScanner(options, emit, surroundings),
});

export const serialCodeScannerFactory = makeSerialCodeScannerFactory({
  clock: systemClock,
  openLine: openSerialLine,
  listPorts: usbPorts,
});
