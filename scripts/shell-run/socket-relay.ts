import { rmSync } from 'node:fs';
import net from 'node:net';

export interface SocketRelay {
  stop(): Promise<void>;
}

/**
 * Passes each connection at `at` on to `to`, byte for byte. When one side ends, so does the other, so that
 * whoever is connected here sees core come and go as if there were no relay. Completes when it listens.
 */
export async function relaySocket(at: string, to: string): Promise<SocketRelay> {
  rmSync(at, { force: true });
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(to);
    open.add(near).add(far);
    const end = (): void => {
      near.destroy();
      far.destroy();
      open.delete(near);
      open.delete(far);
    };
    for (const side of [near, far]) side.on('error', end).on('close', end);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, resolve);
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
