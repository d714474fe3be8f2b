import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { TransferFault } from '../usb/usb-interface.ts';
import { AnswerReader, type Answer } from './answers.ts';
import { askRealTime, QUESTIONS, stateOfRealTime, type PrinterState } from './protocol.ts';
import type { PrinterLine } from './transport.ts';

/** `garbled`: what came is no answer, or one of which nobody asked, or it never stops coming. */
export type LinkFault = TransferFault | 'garbled';

/** For all four questions: a real-time answer comes at once, whatever the printer does. */
const STATE_MS = 2_000;
/** So long nothing comes from a printer that owes nothing. */
const QUIET_MS = 100;
const QUIET_WITHIN_MS = 1_000;
/** Between two pieces a job can be given up. */
const PIECE_BYTES = 256;

export interface Watch {
  /** The first answer that is meant, or why none will be known. */
  readonly end: Promise<Result<Answer, LinkFault>>;
  stop(): void;
}

/**
 * Questions and answers over one opening of a line. Real-time answers carry no mark of their question, so one
 * question is asked at a time, and after any fault nothing more is asked here: the line is opened anew.
 */
export class PrinterLink {
  readonly #clock: Clock;
  readonly #reader = new AnswerReader();
  readonly #onAutomatic: (state: PrinterState) => void;
  readonly #watching = new Set<(answer: Result<Answer, LinkFault>) => void>();
  #line: PrinterLine | null = null;
  #heardAtMs = 0;
  #over: LinkFault | null = null;
  #papersOwed = 0;

  constructor(clock: Clock, onAutomatic: (state: PrinterState) => void) {
    this.#clock = clock;
    this.#onAutomatic = onAutomatic;
  }

  /** What came from the line, in pieces of any size. */
  readonly onBytes = (bytes: Uint8Array): void => {
    this.#heardAtMs = this.#clock.monotonicMs();
    if (this.#line === null) return;
    for (const answer of this.#reader.push(bytes)) this.#hear(answer);
  };

  /** Nothing more can be asked; whoever waits is told. */
  end(fault: LinkFault): void {
    this.#over ??= fault;
    for (const tell of [...this.#watching]) tell(err(fault));
  }

  /** Begins on a line when what it still says of former times has come; `garbled` where that has no end. */
  async begin(line: PrinterLine): Promise<Result<void, LinkFault>> {
    const endsAtMs = this.#clock.monotonicMs() + QUIET_WITHIN_MS;
    for (;;) {
      const fromMs = this.#clock.monotonicMs();
      if (fromMs >= endsAtMs) return err('garbled');
      await new Promise<void>((resolve) => void this.#clock.after(QUIET_MS, resolve));
      if (this.#over !== null) return err(this.#over);
      if (this.#heardAtMs <= fromMs) break;
    }
    this.#line = line;
    return ok(undefined);
  }

  /** Completes when the bus took all; after a fault a part may have gone over. */
  async send(bytes: Uint8Array, withinMs: number): Promise<Result<void, LinkFault>> {
    const endsAtMs = this.#clock.monotonicMs() + withinMs;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      if (this.#line === null || this.#over !== null) return err(this.#over ?? 'gone');
      const leftMs = endsAtMs - this.#clock.monotonicMs();
      if (leftMs <= 0) return err('late');
      const sent = await this.#line.write(bytes.subarray(at, at + PIECE_BYTES), leftMs);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  }

  /** Asks the four questions, one after the other. */
  async state(): Promise<Result<PrinterState, LinkFault>> {
    const endsAtMs = this.#clock.monotonicMs() + STATE_MS;
    const heard: number[] = [];
    for (const question of QUESTIONS) {
      const leftMs = endsAtMs - this.#clock.monotonicMs();
      const isMeant = ({ kind }: Answer): boolean => kind === 'realTime';
      const answer = await this.ask(askRealTime(question), isMeant, leftMs);
      if (!answer.ok) return answer;
      if (answer.value.kind === 'realTime') heard.push(answer.value.byte);
    }
    const [printer = 0, offline = 0, error = 0, paper = 0] = heard;
    return ok(stateOfRealTime([printer, offline, error, paper]));
  }

  /** Sends a question and waits for its answer; others that come meanwhile pass. */
  async ask(
    question: Uint8Array,
    meets: (answer: Answer) => boolean,
    withinMs: number,
  ): Promise<Result<Answer, LinkFault>> {
    const watch = this.watch(meets, withinMs);
    const sent = await this.send(question, withinMs);
    if (sent.ok) return watch.end;
    watch.stop();
    return sent;
  }

  watch(meets: (answer: Answer) => boolean, withinMs: number): Watch {
    if (this.#over !== null)
      return { end: Promise.resolve(err(this.#over)), stop: () => undefined };
    let stop = (): void => undefined;
    const end = new Promise<Result<Answer, LinkFault>>((resolve) => {
      const tell = (answer: Result<Answer, LinkFault>): void => {
        if (answer.ok && !meets(answer.value)) return;
        stop();
        resolve(answer);
      };
      const timer = this.#clock.after(withinMs, () => tell(err('late')));
      stop = () => {
        timer.cancel();
        this.#watching.delete(tell);
      };
      this.#watching.add(tell);
    });
    return { end, stop: () => stop() };
  }

  /** An answer to `GS r` is owed from now on. They carry no mark, so each is counted. */
  owePaper(): void {
    this.#papersOwed += 1;
  }

  get papersOwed(): number {
    return this.#papersOwed;
  }

  #hear(answer: Answer): void {
    if (answer.kind === 'automatic') this.#onAutomatic(answer.state);
    if (answer.kind === 'cleared') this.#papersOwed = 0;
    if (answer.kind === 'paper') this.#papersOwed -= 1;
    const before = this.#watching.size;
    for (const tell of [...this.#watching]) tell(ok(answer));
    const unasked =
      (answer.kind === 'paper' && this.#papersOwed < 0) ||
      (answer.kind === 'realTime' && this.#watching.size === before);
    if (answer.kind === 'noise' || unasked) this.end('garbled');
  }
}
