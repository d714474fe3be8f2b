import { connect, createServer, type AddressInfo } from 'node:net';

export interface Cable {
  readonly port: number;
  setConnected(connected: boolean): void;
  close(): Promise<void>;
}

/** A loopback port outside that leads to a socket. */
export async function openCable(wayIn: string): Promise<Cable> {
  const open = new Set<{ destroy(): unknown }>();
  let connected = true;
  const server = createServer((outer) => {
    if (!connected) {
      outer.destroy();
      return;
    }
    const inner = connect(wayIn);
    outer.setNoDelay(true);
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutOff = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    setConnected(now) {
      connected = now;
      if (!now) cutOff();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutOff();
      }),
  };
}
