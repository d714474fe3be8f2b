import { z } from 'zod';
import { systemClock, type Clock, type TimerHandle } from '../../src/base/clock.ts';
import { ok } from '../../src/base/result.ts';
import type { CommandHandlers, Driver, DriverFactory, EmitEvent } from '../contract/driver.ts';
import type { CommonStatus } from '../contract/words.ts';
import { FrameDecoder, LineDecoder, type ScanDecoder, type ScanEvent } from './protocol.ts';
import { openSerialLine, type OpenLine, type SerialLine } from './transport.ts';

export const serialCodeScannerOptionsSchema = z.strictObject({
  /** The serial device, such as `/dev/serial/by-id/…`. */
  path: z.string(),
  baudRate: z.number().int().positive().default(115_200),
  /** `stxEtx`: framed with a check. `crTerminated`: bare text ended by CR, for scanners that know no frame. */
  framing: z.enum(['stxEtx', 'crTerminated']).default('stxEtx'),
});
export type SerialCodeScannerOptions = z.infer<typeof serialCodeScannerOptionsSchema>;

/** How long to wait before the device is looked for again: doubled from the first to the last. */
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

export interface SerialScannerSurroundings {
  readonly clock: Clock;
  readonly openLine: OpenLine;
}

class SerialCodeScanner implements Driver<'codeScanner'> {
  readonly deviceClass = 'codeScanner';
  readonly handlers: CommandHandlers<'codeScanner'>;
  readonly #options: SerialCodeScannerOptions;
  readonly #emit: EmitEvent<'codeScanner'>;
  readonly #with: SerialScannerSurroundings;
  #line: SerialLine | null = null;
  #retry: TimerHandle | null = null;
  #retryMs = FIRST_RETRY_MS;
  #opening: Promise<void> = Promise.resolve();
  #stopped = false;
  #status: CommonStatus = { state: 'starting', reasons: [], requiredAction: 'none' };

  constructor(
    options: SerialCodeScannerOptions,
    emit: EmitEvent<'codeScanner'>,
    surroundings: SerialScannerSurroundings,
  ) {
    this.#options = options;
    this.#emit = emit;
    this.#with = surroundings;
    const framed = options.framing === 'stxEtx';
    this.handlers = {
      getStatus: () => Promise.resolve(ok(this.#status)),
      getCapabilities: () => Promise.resolve(ok({ switchable: false, framed })),
    };
  }

  start(): Promise<void> {
    this.#opening = this.#open();
    return this.#opening;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    await this.#opening;
    await this.#line?.close();
    this.#line = null;
  }

  async #open(): Promise<void> {
    const decoder = this.#newDecoder();
    const opened = await this.#with.openLine(this.#options.path, this.#options.baudRate, {
      onBytes: (bytes) => {
        for (const event of decoder.push(bytes)) this.#tell(event);
      },
      onGone: () => this.#lost('unplugged'),
    });
    if (!opened.ok) {
      this.#lost(opened.error.kind);
      return;
    }
    this.#line = opened.value;
    this.#retryMs = FIRST_RETRY_MS;
    this.#say({ state: 'online', reasons: [], requiredAction: 'none' });
  }

  #lost(reason: string): void {
    this.#line = null;
    if (this.#stopped) return;
    this.#say({ state: 'powerOff', reasons: [reason], requiredAction: 'maintenance' });
    this.#retry = this.#with.clock.after(this.#retryMs, () => {
      this.#opening = this.#open();
    });
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  /** A dropped read shows as a reason until the next good one. */
  #tell(event: ScanEvent): void {
    if (event.kind === 'code') {
      this.#say({ state: 'online', reasons: [], requiredAction: 'none' });
      this.#emit('codeRead', { payload: event.payload });
      return;
    }
    this.#say({ state: 'online', reasons: [`readDropped.${event.fault}`], requiredAction: 'none' });
  }

  #say(status: CommonStatus): void {
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#emit('statusChanged', status);
  }

  #newDecoder(): ScanDecoder {
    return this.#options.framing === 'stxEtx' ? new FrameDecoder() : new LineDecoder();
  }
}

export const makeSerialCodeScannerFactory = (
  surroundings: SerialScannerSurroundings,
): DriverFactory<'codeScanner', SerialCodeScannerOptions> => ({
  deviceClass: 'codeScanner',
  options: serialCodeScannerOptionsSchema,
  real: true,
  create: (options, emit) => new SerialCodeScanner(options, emit, surroundings),
});

export const serialCodeScannerFactory = makeSerialCodeScannerFactory({
  clock: systemClock,
  openLine: openSerialLine,
});
