import type { CoreToTechnician } from '../../rpc/technician.ts';
import { technicianToCoreSchema } from '../../rpc/technician.ts';
import type { TerminalStatus } from '../../rpc/terminal-status.ts';
import type { SocketRole } from './unix-server.ts';

/** Answers the command line on the terminal itself. */
export function technicianRole(status: () => TerminalStatus): SocketRole {
  return {
    onConnect: () => undefined,
    onFrame(client, raw) {
      if (!technicianToCoreSchema.safeParse(raw).success) {
        client.drop();
        return;
      }
      client.send({ type: 'status', status: status() } satisfies CoreToTechnician);
    },
    onClose: () => undefined,
  };
}
