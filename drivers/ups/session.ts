import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import {
  listVariables,
  LOGOUT,
  password,
  readOk,
  username,
  VariableList,
  type NutFault,
  type Variables,
} from './protocol.ts';
import type { NutAddress, NutLine, NutLineError, OpenNutLine } from './transport.ts';

/** upsd answers from memory; one that takes longer is not at work. */
export const ANSWER_MS = 3_000;

/** Why nothing was read. `noAnswer`: the time ran out; `closed`: the connection ended. */
export type SessionFault = NutFault | NutLineError['kind'] | 'noAnswer' | 'closed';

export interface SessionParts {
  readonly clock: Clock;
  readonly openLine: OpenNutLine;
  readonly address: NutAddress;
  /** The connection ended while nothing was asked, or something came that nobody had asked for; perhaps twice. */
  readonly onLost: (fault: SessionFault) => void;
}

type Reader<T> = (line: string) => Result<T, NutFault> | null;

interface Question {
  readonly take: (line: string) => void;
  readonly fail: (fault: SessionFault) => void;
}

/**
 * One connection to upsd, one question at a time. Answers carry no mark of their question: after any fault
 * the connection is worth nothing and is to be closed.
 */
export class UpsdSession {
  readonly #parts: SessionParts;
  #line: NutLine | null = null;
  #question: Question | null = null;
  #fault: SessionFault | null = null;

  private constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  static async open(parts: SessionParts): Promise<Result<UpsdSession, SessionFault>> {
    const session = new UpsdSession(parts);
    const handlers = {
      onGone: (why: SessionFault) => session.#fail(why),
      onLine: (line: string) => session.#hear(line),
    };
    const line = await parts.openLine(parts.address, handlers, parts.clock);
    if (!line.ok) return err(line.error.kind);
    session.#line = line.value;
    return ok(session);
  }

  async signIn(name: string, secret: string): Promise<Result<null, SessionFault>> {
    const named = await this.#ask(username(name), readOk);
    return named.ok ? this.#ask(password(secret), readOk) : named;
  }

  /** All that upsd knows of the UPS, of one moment. */
  variables(ups: string): Promise<Result<Variables, SessionFault>> {
    const list = new VariableList(ups);
    return this.#ask(listVariables(ups), (line) => list.take(line));
  }

  close(): void {
    this.#line?.send(LOGOUT);
    this.#line?.close();
    this.#question?.fail('closed');
  }

  #hear(line: string): void {
    if (this.#question === null) this.#fail('notNut');
    else this.#question.take(line);
  }

  #fail(fault: SessionFault): void {
    this.#fault ??= fault;
    if (this.#question === null) this.#parts.onLost(fault);
    else this.#question.fail(fault);
  }

  #ask<T>(line: string, read: Reader<T>): Promise<Result<T, SessionFault>> {
    if (this.#fault !== null) return Promise.resolve(err(this.#fault));
    return new Promise((resolve) => {
      const end = (answer: Result<T, SessionFault>): void => {
        limit.cancel();
        this.#question = null;
        resolve(answer);
      };
      const limit = this.#parts.clock.after(ANSWER_MS, () => end(err('noAnswer')));
      this.#question = {
        take: (answer) => {
          const found = read(answer);
          if (found !== null) end(found);
        },
        fail: (fault) => end(err(fault)),
      };
      this.#line?.send(line);
    });
  }
}
