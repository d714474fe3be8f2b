import type { Clock, TimerHandle } from '../../src/base/clock.ts';
import { Mutex } from '../../src/base/mutex.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { SerialLine } from '../serial-line/serial-line.ts';
import { encodeFrame, FrameReader } from './frame.ts';
import {
  acknowledgeChange,
  controllerMessageOf,
  identify,
  ping,
  SEQUENCES,
  type ControllerMessage,
  type ControllerState,
  type Identity,
} from './protocol.ts';

/** PROTOCOL.md §3: how long an answer may take, and how often a request is sent in all. */
export const ANSWER_MS = 150;
export const SENDINGS = 4;
/** §5. */
export const HEARTBEAT_MS = 500;
export const SILENCE_MS = 2_000;

/** `silent`: no answer, and it may have been done. `closed`: the line went away meanwhile. */
export type LinkFault =
  | { readonly kind: 'silent' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly reason: string };

type Answer<T> = Result<T, LinkFault>;

export interface LinkParts {
  readonly clock: Clock;
  /** Where requests begin to count: another than on the line's last opening, so that no late answer fits. */
  readonly firstSequence: number;
  /** Each whole state that comes, asked for or not. */
  readonly onState: (state: ControllerState) => void;
  /** No whole state for too long, once `keepAlive` was called. */
  readonly onSilent: () => void;
}

/** Requests and answers over one opening of the controller's line, one at a time, and its heartbeat. */
export class ControllerLink {
  readonly #parts: LinkParts;
  readonly #reader = new FrameReader();
  readonly #turn = new Mutex();
  #line: SerialLine | null = null;
  #sequence: number;
  #closed = false;
  #waiting: { sequence: number; settle: (answer: Answer<ControllerMessage>) => void } | null = null;
  #deadline: TimerHandle | null = null;
  #beat: TimerHandle | null = null;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#sequence = parts.firstSequence;
  }

  get nextSequence(): number {
    return this.#sequence;
  }

  attach(line: SerialLine): void {
    this.#line = line;
  }

  /** Bytes as the line delivers them. Never throws. */
  receive(bytes: Uint8Array): void {
    for (const event of this.#reader.push(bytes)) {
      const message = event.kind === 'frame' ? controllerMessageOf(event.body) : null;
      if (message !== null) this.#take(message);
    }
  }

  async identify(): Promise<Answer<Identity>> {
    const answer = await this.#request(identify);
    if (!answer.ok) return answer;
    const { value } = answer;
    return value.kind === 'identity' ? ok(value) : err({ kind: 'refused', reason: 'wrongAnswer' });
  }

  /** Completes with the state that the controller was in once it had done what was asked. */
  async ask(body: (sequence: number) => string): Promise<Answer<ControllerState>> {
    const answer = await this.#request(body);
    if (!answer.ok) return answer;
    const { value } = answer;
    return value.kind === 'state' ? ok(value) : err({ kind: 'refused', reason: 'wrongAnswer' });
  }

  /** From here on the controller is asked ever again, and missed when it tells no state. */
  keepAlive(): void {
    this.#heard();
    this.#beatAgain();
  }

  close(): void {
    this.#closed = true;
    this.#deadline?.cancel();
    this.#beat?.cancel();
    this.#waiting?.settle(err({ kind: 'closed' }));
  }

  #request(body: (sequence: number) => string): Promise<Answer<ControllerMessage>> {
    return this.#turn.withLock(async () => {
      const sequence = this.#sequence;
      this.#sequence = (sequence + 1) % SEQUENCES;
      for (let sending = 0; sending < SENDINGS; sending += 1) {
        if (this.#closed) return err({ kind: 'closed' });
        const answer = await this.#sendOnce(sequence, body(sequence));
        if (answer.ok || answer.error.kind !== 'silent') return answer;
      }
      return err({ kind: 'silent' });
    });
  }

  #sendOnce(sequence: number, body: string): Promise<Answer<ControllerMessage>> {
    return new Promise((resolve) => {
      const late = this.#parts.clock.after(ANSWER_MS, () => settle(err({ kind: 'silent' })));
      const settle = (answer: Answer<ControllerMessage>): void => {
        late.cancel();
        this.#waiting = null;
        resolve(answer);
      };
      this.#waiting = { sequence, settle };
      this.#send(body);
    });
  }

  #take(message: ControllerMessage): void {
    if (this.#closed) return;
    if (message.kind === 'state') {
      this.#heard();
      this.#parts.onState(message);
      if (message.cause === 'changed') {
        this.#send(acknowledgeChange(message.sequence));
        return;
      }
    }
    if (this.#waiting?.sequence !== message.sequence) return;
    this.#waiting.settle(
      message.kind === 'refusal' ? err({ kind: 'refused', reason: message.reason }) : ok(message),
    );
  }

  #heard(): void {
    this.#deadline?.cancel();
    if (this.#closed) return;
    this.#deadline = this.#parts.clock.after(SILENCE_MS, this.#parts.onSilent);
  }

  #beatAgain(): void {
    if (this.#closed) return;
    this.#beat = this.#parts.clock.after(HEARTBEAT_MS, () => {
      void this.ask(ping).then(() => this.#beatAgain());
    });
  }

  #send(body: string): void {
    void this.#line?.write(encodeFrame(body));
  }
}
