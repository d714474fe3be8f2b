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

type LinkSent = Result<void, LinkFault>;
type Question = readonly [name: string, ...parameters: string[]];

/** The words of the status for a fault, and of a command that was not begun because of it. */
export const reasonOf = (fault: LinkFault): string =>
  fault === 'gone' ? 'unplugged' : fault === 'late' ? 'silent' : fault;

/** Whether a port in this state ends a wait: what stands in a fault may never answer. */
export type EndsWait = (port: PortStatus) => boolean;

/** How often the port is looked at while something moves. */
const LOOK_MS = 500;
/** A printer that takes a plane although it came to stand in a fault takes all of it within this. */
const REST_MS = 2_000;
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
  send(bytes: Uint8Array): Promise<LinkSent> {
    return this.#write(bytes, this.leftMs);
  }

  /**
   * As `send`, of a plane, which goes over while the printer prints the one before. `late` as well where the port
   * ends the wait and the printer takes no more of it.
   */
  async sendPlane(bytes: Uint8Array, ends: EndsWait): Promise<LinkSent> {
    const sending = this.send(bytes);
    for (let isEnded = false; ; isEnded = await this.#isEnded(ends)) {
      const pause = this.#pause(isEnded ? REST_MS : LOOK_MS);
      const sent = await Promise.race([sending, pause.over]);
      pause.cancel();
      if (sent !== null) return sent;
      if (!isEnded) continue;
      // It is still under way, and nothing may be sent behind it.
      this.#broken = true;
      return err('late');
    }
  }

  /**
   * `meaning` gives null for a text that is no answer to this question. With `ends` the port is looked at first and
   * then as long as no answer comes; `late` as well where it ends the wait.
   */
  async ask<T>(
    question: Question,
    meaning: (text: string) => T | null,
    ends: EndsWait | null = null,
  ): Promise<Result<T, LinkFault>> {
    if (await this.#isEnded(ends)) return err('late');
    const step = await this.#findStep(ends);
    if (!step.ok) return step;
    const answer = await this.#exchange(question, ends);
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

  async #write(bytes: Uint8Array, withinMs: number): Promise<LinkSent> {
    if (this.#broken) return err('brokenStream');
    if (withinMs === 0) return err('late');
    const sent = await this.#printer.write(bytes, withinMs);
    if (!sent.ok && bytes.length > WHOLE_BYTES) this.#broken = true;
    return sent;
  }

  /** A port that cannot be asked ends nothing: the question itself will tell why. */
  async #isEnded(ends: EndsWait | null): Promise<boolean> {
    if (ends === null) return false;
    const port = await this.portStatus();
    return port.ok && ends(port.value);
  }

  async #findStep(ends: EndsWait | null): Promise<LinkSent> {
    while (!this.#inStep) {
      const drained = await this.#drain();
      if (!drained.ok) return drained;
      const first = await this.#exchange(['Rsn'], ends);
      const second = await this.#exchange(['Rsn'], ends);
      const failed = [first, second].find((one) => !one.ok && one.error !== 'garbled');
      if (failed?.ok === false) return failed;
      if (!first.ok || !second.ok || first.value !== second.value) continue;
      // Two answers alike may still be two that were owed, where it is not known what they should be.
      this.#serial ??= first.value;
      this.#inStep = first.value === this.#serial;
    }
    return ok(undefined);
  }

  async #drain(): Promise<LinkSent> {
    for (;;) {
      if (this.leftMs === 0) return err('late');
      const read = await this.#printer.read(Math.min(QUIET_MS, this.leftMs));
      if (!read.ok) return read.error === 'late' ? ok(undefined) : read;
      if (read.value.length === 0) await this.#pause(PAUSE_MS).over;
    }
  }

  async #exchange(question: Question, ends: EndsWait | null): Promise<Result<string, LinkFault>> {
    const sent = await this.#put(command(...question), ends);
    if (!sent.ok) return sent;
    const heard = await this.#hear(ends);
    if (!heard.ok) this.#inStep = false;
    return heard;
  }

  /** A question goes over whole or not at all, so that one that did not may be given again. */
  async #put(question: Uint8Array, ends: EndsWait | null): Promise<LinkSent> {
    for (;;) {
      const sent = await this.#write(question, Math.min(LOOK_MS, this.leftMs));
      if (sent.ok || sent.error !== 'late' || this.leftMs === 0) return sent;
      if (await this.#isEnded(ends)) return sent;
    }
  }

  async #hear(ends: EndsWait | null): Promise<Result<string, LinkFault>> {
    let heard = nothingHeard;
    for (;;) {
      if (this.leftMs === 0) return err('late');
      const read = await this.#printer.read(Math.min(LOOK_MS, this.leftMs));
      if (!read.ok) {
        if (read.error !== 'late' || (await this.#isEnded(ends))) return read;
        continue;
      }
      if (read.value.length === 0) await this.#pause(PAUSE_MS).over;
      const more = hear(heard, read.value);
      if (!more.ok) return err('garbled');
      heard = more.value;
      if (heard.ended) return ok(heard.text);
    }
  }

  #pause(ms: number): { readonly over: Promise<null>; cancel(): void } {
    let cancel = (): void => undefined;
    const over = new Promise<null>((resolve) => {
      const timer = this.#clock.after(ms, () => resolve(null));
      cancel = () => timer.cancel();
    });
    return { over, cancel: () => cancel() };
  }
}
