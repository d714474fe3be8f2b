import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { command, hear, nothingHeard, portStatusOf, type PortStatus } from './protocol.ts';
import type { TransferFault } from '../usb/usb-interface.ts';
import type { OpenPrinter } from '../usb/usb-printer.ts';

/**
 * `garbled`: what came back is no answer to the question. `brokenStream`: a plane went over in part, and the
 * printer would take whatever follows for the rest of it.
 */
export type LinkFault = TransferFault | 'garbled' | 'brokenStream';

/** An answer that is owed comes within this, once nothing moves. */
const QUIET_MS = 300;
const PAUSE_MS = 20;
/** A full-speed bulk packet goes over whole or not at all. */
const WHOLE_BYTES = 64;

/**
 * Questions and answers over a printer's two pipes, each within the time that the command at hand has left.
 * Answers carry no mark of their question: after one that was late, garbled or too many, the link finds its
 * step again by a question whose answer it knows, the serial number, before it asks anything else.
 */
export class PrinterLink {
  readonly #printer: OpenPrinter;
  readonly #clock: Clock;
  #endsAtMs = 0;
  #serial: string | null = null;
  #inStep = false;
  #broken = false;

  constructor(printer: OpenPrinter, clock: Clock) {
    this.#printer = printer;
    this.#clock = clock;
  }

  /** Gives all that follows so much time together, until it is called again. */
  allow(ms: number): void {
    this.#endsAtMs = this.#clock.monotonicMs() + ms;
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAtMs - this.#clock.monotonicMs());
  }

  /** Nothing can be sent any more: only power off and on ends the plane that was cut short. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Completes when the printer took all of it, which is not yet when it did it. */
  async send(bytes: Uint8Array): Promise<Result<void, LinkFault>> {
    if (this.#broken) return err('brokenStream');
    if (this.leftMs === 0) return err('late');
    const sent = await this.#printer.write(bytes, this.leftMs);
    if (!sent.ok && bytes.length > WHOLE_BYTES) this.#broken = true;
    return sent;
  }

  /** `meaning` gives null for a text that is no answer to this question. */
  async ask<T>(
    question: readonly [name: string, ...parameters: string[]],
    meaning: (text: string) => T | null,
  ): Promise<Result<T, LinkFault>> {
    const step = await this.#findStep();
    if (!step.ok) return step;
    const answer = await this.#exchange(question);
    if (!answer.ok) return answer;
    const meant = meaning(answer.value);
    if (meant !== null) return ok(meant);
    this.#inStep = false;
    return err('garbled');
  }

  /** By the control pipe, which a printer that takes nothing else still serves. */
  async portStatus(): Promise<Result<PortStatus, LinkFault>> {
    const status = await this.#printer.portStatus();
    return status.ok ? ok(portStatusOf(status.value)) : status;
  }

  async #findStep(): Promise<Result<void, LinkFault>> {
    while (!this.#inStep) {
      const drained = await this.#drain();
      if (!drained.ok) return drained;
      const [first, second] = [await this.#exchange(['Rsn']), await this.#exchange(['Rsn'])];
      const failed = [first, second].find((one) => !one.ok && one.error !== 'garbled');
      if (failed?.ok === false) return failed;
      if (!first.ok || !second.ok || first.value !== second.value) continue;
      // Two answers alike may still be two that were owed, where it is not known what they should be.
      this.#serial ??= first.value;
      this.#inStep = first.value === this.#serial;
    }
    return ok(undefined);
  }

  async #drain(): Promise<Result<void, LinkFault>> {
    for (;;) {
      if (this.leftMs === 0) return err('late');
      const read = await this.#printer.read(Math.min(QUIET_MS, this.leftMs));
      if (!read.ok) return read.error === 'late' ? ok(undefined) : read;
      if (read.value.length === 0) await this.#pause();
    }
  }

  async #exchange(
    question: readonly [name: string, ...parameters: string[]],
  ): Promise<Result<string, LinkFault>> {
    const sent = await this.send(command(...question));
    return sent.ok ? this.#hear() : sent;
  }

  async #hear(): Promise<Result<string, LinkFault>> {
    const heard = await this.#hearAll();
    if (!heard.ok) this.#inStep = false;
    return heard;
  }

  async #hearAll(): Promise<Result<string, LinkFault>> {
    let heard = nothingHeard;
    for (;;) {
      if (this.leftMs === 0) return err('late');
      const read = await this.#printer.read(this.leftMs);
      if (!read.ok) return read;
      if (read.value.length === 0) await this.#pause();
      const more = hear(heard, read.value);
      if (!more.ok) return err('garbled');
      heard = more.value;
      if (heard.ended) return ok(heard.text);
    }
  }

  /** A printer may answer a read with nothing, for as long as it likes. */
  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => void this.#clock.after(PAUSE_MS, resolve));
  }
}
