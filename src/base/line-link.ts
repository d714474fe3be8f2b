import { connect, type Socket } from 'node:net';
import * as z from 'zod';
import type { Clock, TimerHandle } from './clock.ts';
import { attachJsonLines } from './json-lines.ts';
import { err, ok, type Result } from './result.ts';

const fromPeerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('welcome') }),
  z.strictObject({ type: z.literal('refused'), reason: z.string() }),
  z.strictObject({ type: z.literal('response'), id: z.number().int(), answer: z.unknown() }),
  z.strictObject({ type: z.literal('event'), event: z.unknown() }),
]);

export type LinkError =
  /** Not connected, or the connection ended before the answer came. */
  | { readonly kind: 'linkDown' }
  /** The time ran out; the connection stands. */
  | { readonly kind: 'noAnswer' };

export interface LineLinkOptions {
  readonly socketPath: string;
  /** Sent first; the peer answers `welcome` or `refused`. */
  readonly hello: Readonly<Record<string, unknown>>;
  readonly retryMs: number;
  readonly clock: Clock;
  readonly onUp: () => void;
  /** Called when the link went down, and after each attempt that failed. */
  readonly onDown: (reason: string) => void;
  readonly onEvent: (event: unknown) => void;
}

interface Waiting {
  readonly settle: (result: Result<unknown, LinkError>) => void;
  readonly timer: TimerHandle;
}

/**
 * Numbered requests and events over JSON lines on a Unix socket, connected again whenever it breaks.
 * A frame that breaks this form ends the connection: what follows it could not be trusted.
 */
export class LineLink {
  readonly #options: LineLinkOptions;
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | null = null;
  #send: ((frame: unknown) => void) | null = null;
  #retry: TimerHandle | null = null;
  #nextId = 1;
  #stopped = false;

  constructor(options: LineLinkOptions) {
    this.#options = options;
  }

  /** Completes when the peer was looked for once, found or not; it is looked for again until `stop`. */
  start(): Promise<void> {
    return new Promise((resolve) => this.#connect(resolve));
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    const socket = this.#socket;
    if (socket === null || socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  request(
    body: Readonly<Record<string, unknown>>,
    timeoutMs: number,
  ): Promise<Result<unknown, LinkError>> {
    const send = this.#send;
    if (send === null) return Promise.resolve(err({ kind: 'linkDown' }));
    const id = this.#nextId++;
    return new Promise((settle) => {
      const timer = this.#options.clock.after(timeoutMs, () => {
        this.#waiting.delete(id);
        settle(err({ kind: 'noAnswer' }));
      });
      this.#waiting.set(id, { settle, timer });
      send({ type: 'request', id, ...body });
    });
  }

  #connect(lookedOnce: () => void): void {
    const { socketPath, hello, retryMs, clock, onUp, onDown, onEvent } = this.#options;
    const socket = connect(socketPath);
    this.#socket = socket;
    let downBecause = 'unreachable';
    const send = attachJsonLines(socket, {
      onFrame: (raw) => {
        const frame = fromPeerSchema.safeParse(raw);
        if (!frame.success) {
          downBecause = 'protocolBroken';
          socket.destroy();
          return;
        }
        switch (frame.data.type) {
          case 'welcome':
            this.#send = send;
            onUp();
            lookedOnce();
            return;
          case 'refused':
            downBecause = frame.data.reason;
            socket.destroy();
            return;
          case 'response':
            this.#settle(frame.data.id, ok(frame.data.answer));
            return;
          case 'event':
            onEvent(frame.data.event);
            return;
        }
      },
      onClose: () => {
        this.#send = null;
        socket.destroy();
        for (const id of [...this.#waiting.keys()]) this.#settle(id, err({ kind: 'linkDown' }));
        if (!this.#stopped) {
          onDown(downBecause);
          this.#retry = clock.after(retryMs, () => this.#connect(() => undefined));
        }
        lookedOnce();
      },
    });
    socket.once('connect', () => send({ type: 'hello', ...hello }));
  }

  /** An answer that nobody waits for any more came too late and is dropped. */
  #settle(id: number, result: Result<unknown, LinkError>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.timer.cancel();
    waiting.settle(result);
  }
}
