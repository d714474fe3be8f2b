import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Every connection of a server, upgraded ones included, which Node's own `closeAllConnections` does not
 * know. Ends them so that a stop does not wait for a page that nobody closes.
 */
export class OpenSockets {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
