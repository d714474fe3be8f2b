import { chmodSync, rmSync } from 'node:fs';
import net from 'node:net';
import { attachJsonLines } from '../../base/json-lines.ts';

/** The longest choice or question is far below: nobody makes core hold more than this of an unfinished one. */
export const MAX_REQUEST_BYTES = 64 * 1024;
/** Some hundreds of views: a client that far behind does not read, and would fill core's memory. */
export const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

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
    const write = attachJsonLines(
      socket,
      {
        onFrame: (frame) => role.onFrame(client, frame),
        onClose: () => {
          open.delete(socket);
          role.onClose(client);
        },
      },
      { maxBytes: MAX_REQUEST_BYTES, maxUnreadBytes: MAX_UNREAD_BYTES },
    );
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
