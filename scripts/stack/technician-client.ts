import net from 'node:net';
import { attachJsonLines } from '../../src/base/json-lines.ts';
import { coreToTechnicianSchema } from '../../src/rpc/technician.ts';
import type { TerminalStatus } from '../../src/rpc/terminal-status.ts';

/** Asks core on its technician's socket how the terminal is. */
export function askStatus(socketPath: string): Promise<TerminalStatus> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath);
    socket.once('error', reject);
    const send = attachJsonLines(socket, {
      onFrame: (frame) => {
        resolve(coreToTechnicianSchema.parse(frame).status);
        socket.destroy();
      },
      onClose: () => reject(new Error('core closed the connection')),
    });
    socket.once('connect', () => send({ type: 'status' }));
  });
}
