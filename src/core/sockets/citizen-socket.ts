import { citizenToCoreSchema, type CoreToCitizen } from '../../rpc/citizen.ts';
import type { SessionView } from '../../rpc/citizen-view.ts';
import type { SessionRunner } from '../../session/runner.ts';
import type { SocketClient, SocketRole } from './unix-server.ts';

const frame = (view: SessionView): CoreToCitizen => ({ type: 'view', view });

/** The citizen's screen: each client gets the whole view at once and at every change, and sends choices. */
export function citizenRole(runner: SessionRunner): SocketRole {
  const clients = new Set<SocketClient>();
  runner.onView((view) => {
    for (const client of clients) client.send(frame(view));
  });
  return {
    onConnect(client) {
      clients.add(client);
      client.send(frame(runner.view()));
    },
    onFrame(client, raw) {
      const parsed = citizenToCoreSchema.safeParse(raw);
      if (!parsed.success) {
        client.drop();
        return;
      }
      if (parsed.data.type === 'choice') runner.choose(parsed.data.viewId, parsed.data.choice);
    },
    onClose: (client) => void clients.delete(client),
  };
}
