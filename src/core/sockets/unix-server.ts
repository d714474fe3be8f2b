import { chmodSync, rmSync } from 'node:fs';
import net from 'node:net';
import { attachJsonLines } from '../../base/json-lines.ts';

export interface SocketClient {
  readonly send: (frame: unknown) => void;
  /** Ends the connection of a client that broke the protocol. */
  readonly drop: () => void;
}

export interface SocketRole {
  readonly onConnect: (client: SocketClient) => void;
  readonly onFrame: (client: SocketClient, frame: unknown) => void;
  readonly onClose: (client: SocketClient) => void;
}

/**
 * Listens on a Unix socket, one a role. The socket's folder, owner and mode are what authenticates a
 * client, since Node tells no peer credentials. A file left by a core that died is replaced; two cores
 * cannot meet here because `lock.db` was taken first. Completes when clients can connect.
 */
export async function serveUnixSocket(
  path: string,
  role: SocketRole,
): Promise<{ stop(): Promise<void> }> {
  rmSync(path, { force: true });
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    const client: SocketClient = {
      send: (frame) => write(frame),
      drop: () => socket.destroy(),
    };
    const write = attachJsonLines(socket, {
      onFrame: (frame) => role.onFrame(client, frame),
      onClose: () => {
        open.delete(socket);
        role.onClose(client);
      },
    });
    role.onConnect(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o660);
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
