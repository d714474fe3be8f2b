import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { HeldContent, Meeting } from '../../../drivers/contract/held.ts';

/** A ticket in hexadecimal and the end of its line. */
const FIRST_LINE = 33;
/** For a host that said nothing yet. */
const SILENT_MS = 5_000;

export const newTicket = (): Meeting['ticket'] => randomBytes(16).toString('hex');

/**
 * A local socket where device hosts come for what they were given a ticket for. Each ticket is good once;
 * whoever comes with another hears nothing and is let go.
 */
export class MeetingPlace {
  readonly #socketPath: string;
  readonly #server: Server;
  readonly #held = new Map<string, Uint8Array>();
  readonly #expected = new Map<string, (socket: Socket) => void>();

  private constructor(socketPath: string) {
    this.#socketPath = socketPath;
    this.#server = createServer((socket) => this.#greet(socket));
  }

  /** Takes the place of a socket that a killed process left. */
  static async open(socketPath: string): Promise<MeetingPlace> {
    const place = new MeetingPlace(socketPath);
    rmSync(socketPath, { force: true });
    const listening = Promise.withResolvers<undefined>();
    place.#server.once('error', listening.reject);
    place.#server.listen({ path: socketPath, readableAll: false, writableAll: false }, () =>
      listening.resolve(undefined),
    );
    await listening.promise;
    return place;
  }

  /** Keeps the bytes until somebody comes for them. */
  hold(bytes: Uint8Array): HeldContent {
    const ticket = newTicket();
    this.#held.set(ticket, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { socketPath: this.#socketPath, ticket, bytes: bytes.length, sha256 };
  }

  /** Forgets all bytes that nobody came for. */
  letGo(): void {
    this.#held.clear();
  }

  /** Completes when somebody comes with this ticket. */
  expect(ticket: Meeting['ticket']): Promise<Socket> {
    return new Promise((resolve) => this.#expected.set(ticket, resolve));
  }

  async close(): Promise<void> {
    const closed = Promise.withResolvers<undefined>();
    this.#server.close(() => closed.resolve(undefined));
    await closed.promise;
  }

  #greet(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.setTimeout(SILENT_MS, () => socket.destroy());
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString('latin1');
      if (said.length < FIRST_LINE) return;
      socket.off('data', listen);
      socket.setTimeout(0);
      const ticket = said.slice(0, -1);
      const bytes = this.#held.get(ticket);
      const meet = this.#expected.get(ticket);
      this.#held.delete(ticket);
      this.#expected.delete(ticket);
      if (said.length > FIRST_LINE) socket.destroy();
      else if (bytes !== undefined) socket.end(bytes);
      else if (meet !== undefined) meet(socket);
      else socket.destroy();
    };
    socket.on('data', listen);
  }
}
