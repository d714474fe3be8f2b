import { createServer, type Server, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachJsonLines } from '../../../src/base/json-lines.ts';

/** What a scripted driver says to the test that directs it. */
export type FromScripted =
  | {
      readonly type: 'hello';
      readonly device: string;
      readonly pid: number;
      readonly variables: string[];
    }
  | {
      readonly type: 'call';
      readonly call: number;
      readonly command: string;
      readonly params: unknown;
      readonly canBeCalledBack: boolean;
    }
  | { readonly type: 'calledBack'; readonly call: number }
  | { readonly type: 'stopped' };

/** What the test tells it. */
export type ToScripted =
  | { readonly type: 'answer'; readonly call: number; readonly answer: unknown }
  | { readonly type: 'throw'; readonly call: number; readonly message: string }
  | { readonly type: 'kill' }
  | { readonly type: 'emit'; readonly event: string; readonly payload: unknown };

export interface Call {
  readonly command: string;
  readonly params: unknown;
  /** The driver was given a signal by which it hears that nobody wants the command any more. */
  readonly canBeCalledBack: boolean;
  /** Completes when it heard that. */
  readonly calledBack: Promise<undefined>;
  answer(answer: unknown): void;
  throwError(message: string): void;
}

/**
 * One scripted device, seen from the test: every command that reaches its driver arrives here and waits
 * for the test to say how it ends. What arrived stays on record when the host dies.
 */
export class Director {
  /** Every command that ever reached the driver, over all lives of its host. */
  readonly reached: string[] = [];
  /** Commands answered without the test's doing: housekeeping, mostly. */
  readonly automatic = new Map<string, () => unknown>();
  readonly #calls = new Queue<Call>();
  readonly #hellos = new Queue<Extract<FromScripted, { type: 'hello' }>>();
  readonly #ends = new Queue<{ readonly stopped: boolean }>();
  readonly #callBacks = new Map<number, () => void>();
  #send: ((frame: ToScripted) => void) | null = null;

  /** The next command that is not automatic. */
  nextCall(): Promise<Call> {
    return this.#calls.next();
  }

  /** The next start of the driver. */
  started(): Promise<Extract<FromScripted, { type: 'hello' }>> {
    return this.#hellos.next();
  }

  /** The next end of the driver's process, and whether the driver was stopped before it. */
  ended(): Promise<{ readonly stopped: boolean }> {
    return this.#ends.next();
  }

  /** SIGKILL to the host, from within. */
  killHost(): void {
    this.#tell({ type: 'kill' });
  }

  /** Only once the driver has started: what is told to nobody would be lost unnoticed. */
  emit(event: string, payload: unknown): void {
    this.#tell({ type: 'emit', event, payload });
  }

  attach(socket: Socket): void {
    let stopped = false;
    const send = attachJsonLines(socket, {
      onFrame: (raw) => {
        const frame = raw as FromScripted;
        if (frame.type === 'hello') this.#hellos.push(frame);
        if (frame.type === 'stopped') stopped = true;
        if (frame.type === 'call') this.#called(frame, send);
        if (frame.type === 'calledBack') this.#callBacks.get(frame.call)?.();
      },
      onClose: () => this.#ends.push({ stopped }),
    });
    this.#send = send;
  }

  #tell(frame: ToScripted): void {
    if (this.#send === null) throw new Error('no driver has started yet');
    this.#send(frame);
  }

  #called(
    { call, command, params, canBeCalledBack }: Extract<FromScripted, { type: 'call' }>,
    send: (frame: ToScripted) => void,
  ): void {
    this.reached.push(command);
    const automatic = this.automatic.get(command);
    if (automatic !== undefined) {
      send({ type: 'answer', call, answer: automatic() });
      return;
    }
    const calledBack = Promise.withResolvers<undefined>();
    this.#callBacks.set(call, () => calledBack.resolve(undefined));
    this.#calls.push({
      command,
      params,
      canBeCalledBack,
      calledBack: calledBack.promise,
      answer: (answer) => send({ type: 'answer', call, answer }),
      throwError: (message) => send({ type: 'throw', call, message }),
    });
  }
}

/** The socket on which scripted drivers find their directors. */
export class ControlChannel {
  readonly path: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #directors = new Map<string, Director>();

  private constructor(folder: string, server: Server) {
    this.#folder = folder;
    this.path = join(folder, 'control.sock');
    this.#server = server;
  }

  static async open(): Promise<ControlChannel> {
    const server = createServer();
    const channel = new ControlChannel(mkdtempSync(join(tmpdir(), 'anj-devices-')), server);
    server.on('connection', (socket) => {
      // The first line alone says whose socket it is; the rest belongs to the director.
      socket.once('data', (chunk: Buffer) => {
        const hello = JSON.parse(chunk.toString('utf8').split('\n')[0] ?? '') as { device: string };
        channel.director(hello.device).attach(socket);
        socket.emit('data', chunk);
      });
    });
    await new Promise<void>((resolve) => server.listen(channel.path, resolve));
    return channel;
  }

  director(device: string): Director {
    const director = this.#directors.get(device) ?? new Director();
    this.#directors.set(device, director);
    return director;
  }

  close(): void {
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Hands out what was pushed, in order, to whoever waits. */
export class Queue<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  push(item: T): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#items.push(item);
    else waiter(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
