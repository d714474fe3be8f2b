import { connect } from 'node:net';

/** One act of a hand: completes when the engine has done it, or is gone. */
export function byHand(socketPath: string, act: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('error', reject);
    socket.once('data', () => socket.destroy());
    socket.once('close', () => resolve());
    socket.write(`${JSON.stringify(act)}\n`);
  });
}
