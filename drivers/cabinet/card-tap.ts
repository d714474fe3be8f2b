import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { Mutex } from '../../src/base/mutex.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { eKtpBiodataSchema } from '../contract/card-reader.ts';

export const tapFaultSchema = z.enum(['pulledMidRead', 'garbage', 'silent', 'stranger']);
export type TapFault = z.infer<typeof tapFaultSchema>;

/** An e-KTP in a citizen's hand: the biodata is a synthetic person's, the photo a generated drawing. */
export const tapCardSchema = z.strictObject({
  /** 4 or 7 bytes for type A, 8 for type B. */
  uidHex: z
    .string()
    .regex(/^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{16})$/)
    .toLowerCase(),
  biodata: eKtpBiodataSchema,
  /** A JPEG; without one the virtual card holds a placeholder. */
  photoBase64: z.base64().optional(),
});
export type TapCard = z.infer<typeof tapCardSchema>;

export interface CardTapError {
  readonly kind: 'noVirtualCard' | 'virtualCardFailed';
  readonly reason: string;
}

/** Lays a card on the contactless field and takes it off. Completes when the reader can see it, or no longer. */
export interface CardTap {
  tap(card: TapCard, fault: TapFault | null): Promise<Result<null, CardTapError>>;
  untap(): Promise<Result<null, CardTapError>>;
  stop(): Promise<void>;
}

export const noCardTap: CardTap = {
  tap: () => Promise.resolve(err(absent)),
  untap: () => Promise.resolve(err(absent)),
  stop: () => Promise.resolve(),
};

const absent: CardTapError = {
  kind: 'noVirtualCard',
  reason: 'the cabinet was started without a virtual card in its lab file',
};

const replySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('done') }),
  z.strictObject({ type: z.literal('failed'), reason: z.string() }),
]);

/**
 * Commands a virtual card that runs as a child: one JSON line `{"type":"tap","card":…,"fault":…}` or
 * `{"type":"untap"}` in, one line `{"type":"done"}` or `{"type":"failed","reason":…}` out. The child is
 * started at the first tap, and again after it died.
 */
export class ChildCardTap implements CardTap {
  readonly #command: readonly [string, ...string[]];
  readonly #oneAtATime = new Mutex();
  #child: ChildProcess | null = null;
  #waiting: ((reply: Result<null, CardTapError>) => void) | null = null;

  constructor(command: readonly [string, ...string[]]) {
    this.#command = command;
  }

  tap(card: TapCard, fault: TapFault | null): Promise<Result<null, CardTapError>> {
    return this.#ask({ type: 'tap', card, fault });
  }

  untap(): Promise<Result<null, CardTapError>> {
    return this.#ask({ type: 'untap' });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    });
  }

  #ask(line: unknown): Promise<Result<null, CardTapError>> {
    return this.#oneAtATime.withLock(
      () =>
        new Promise<Result<null, CardTapError>>((resolve) => {
          this.#waiting = resolve;
          this.#running().stdin?.write(`${JSON.stringify(line)}\n`);
        }),
    );
  }

  #running(): ChildProcess {
    if (this.#child !== null) return this.#child;
    const [program, ...args] = this.#command;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    const gone = (reason: string): void => {
      if (this.#child === child) this.#child = null;
      this.#answer(failed(reason));
    };
    child.once('error', (error) => gone(error.message));
    child.once('exit', (code, signal) => gone(`it ended (${code ?? signal ?? 'unknown'})`));
    // A write to a child that just died fails here; its exit answers.
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (text) => this.#answer(replyOf(text)));
    return child;
  }

  #answer(reply: Result<null, CardTapError>): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(reply);
  }
}

function replyOf(text: string): Result<null, CardTapError> {
  const json = jsonOf(text);
  const reply = replySchema.safeParse(json);
  if (!reply.success) return failed('it answered something that is not a reply');
  return reply.data.type === 'done' ? ok(null) : failed(reply.data.reason);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const failed = (reason: string): Result<null, CardTapError> =>
  err({ kind: 'virtualCardFailed', reason: `the virtual card: ${reason}` });
