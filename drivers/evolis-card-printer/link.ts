import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { command, hear, nothingHeard, portStatusOf, type PortStatus } from './protocol.ts';
import type { OpenPrinter, TransferFault } from './transport.ts';

/** `garbled`: what came back is no answer of this language. */
export type LinkFault = TransferFault | 'garbled';

/** A reply may come in parts; one that pauses for so long has ended, whatever it ends with. */
const QUIET_MS = 300;
const ANSWER_MS = 3_000;

/**
 * Questions and answers over a printer's two pipes. The printer works through its commands in order, so an
 * answer to a question also says that everything before it was done.
 */
export class PrinterLink {
  readonly #printer: OpenPrinter;
  readonly #clock: Clock;
  /** An answer that came too late or as noise may still be under way, and would be taken for the next one. */
  #outOfStep = false;

  constructor(printer: OpenPrinter, clock: Clock) {
    this.#printer = printer;
    this.#clock = clock;
  }

  /** Completes when the printer took all of it, which is not yet when it did it. */
  async send(bytes: Uint8Array, withinMs: number): Promise<Result<void, LinkFault>> {
    return this.#printer.write(bytes, withinMs);
  }

  /** `withinMs` is how long what was sent before may take. */
  async ask(
    name: string,
    parameters: readonly (string | number)[],
    withinMs: number = ANSWER_MS,
  ): Promise<Result<string, LinkFault>> {
    const answer = await this.#answer(name, parameters, withinMs);
    if (!answer.ok && (answer.error === 'late' || answer.error === 'garbled')) {
      this.#outOfStep = true;
    }
    return answer;
  }

  async #answer(
    name: string,
    parameters: readonly (string | number)[],
    withinMs: number,
  ): Promise<Result<string, LinkFault>> {
    const endsAt = this.#clock.monotonicMs() + withinMs;
    const drained = await this.#drain(endsAt);
    if (!drained.ok) return drained;
    const sent = await this.#printer.write(command(name, ...parameters), withinMs);
    if (!sent.ok) return sent;
    let heard = nothingHeard;
    for (;;) {
      const leftMs = endsAt - this.#clock.monotonicMs();
      if (leftMs <= 0) return err('late');
      const read = await this.#printer.read(heard.text === '' ? leftMs : QUIET_MS);
      if (!read.ok) {
        return read.error === 'late' && heard.text !== '' ? ok(heard.text.trim()) : read;
      }
      const more = hear(heard, read.value);
      if (!more.ok) return err('garbled');
      heard = more.value;
      if (heard.ended) return ok(heard.text);
    }
  }

  /** Reads on until nothing more comes. */
  async #drain(endsAt: number): Promise<Result<void, LinkFault>> {
    while (this.#outOfStep) {
      if (this.#clock.monotonicMs() >= endsAt) return err('late');
      const read = await this.#printer.read(QUIET_MS);
      if (read.ok) continue;
      if (read.error !== 'late') return read;
      this.#outOfStep = false;
    }
    return ok(undefined);
  }

  async portStatus(): Promise<Result<PortStatus, LinkFault>> {
    const status = await this.#printer.portStatus();
    return status.ok ? ok(portStatusOf(status.value)) : status;
  }
}
