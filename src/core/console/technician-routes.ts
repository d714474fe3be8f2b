import type { FastifyInstance } from 'fastify';
import type { DeviceProxy, DeviceSupervisor } from '../../devices/ports.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { Role } from '../../domain/role.ts';
import type { SelfTest } from '../../rpc/console.ts';
import type { TerminalStatus } from '../../rpc/terminal-status.ts';
import type { SignIn } from '../../staff/sign-in.ts';
import { asCode } from '../device-record.ts';
import { personWith, refuse } from './guard.ts';

const technicians: readonly Role[] = ['technician', 'administrator'];

/** How the terminal is, and one self-test a device, which asks and moves nothing. */
export function technicianRoutes(
  server: FastifyInstance,
  parts: {
    readonly signIn: SignIn;
    readonly status: () => TerminalStatus;
    readonly supervisor: Pick<DeviceSupervisor, 'list' | 'device'>;
    readonly record: (events: readonly JournalEvent[]) => Promise<void>;
  },
): void {
  const { signIn, status, supervisor, record } = parts;

  server.get('/api/technician/status', (request, reply) =>
    personWith(signIn, request, reply, technicians, 'page') === null ? reply : reply.send(status()),
  );

  server.post<{ Params: { name: string } }>(
    '/api/technician/devices/:name/self-test',
    async (request, reply) => {
      const by = personWith(signIn, request, reply, technicians);
      if (by === null) return reply;
      const { name } = request.params;
      const health = supervisor.list().find((device) => device.name === name);
      if (health === undefined) return refuse(reply, 404, { refused: 'notFound' });
      const fault = await askStatus(supervisor.device(name, health.deviceClass));
      const passed = fault === null;
      // The device's own word goes to the record as a code or not at all, and to the page as it came.
      const faultCode = fault === null ? null : asCode(fault);
      const { personId } = by.person;
      await record([
        {
          kind: 'staff.deviceTested',
          personId,
          device: name,
          test: 'askStatus',
          passed,
          faultCode,
        },
      ]);
      return reply.send({ device: name, passed, faultCode: fault } satisfies SelfTest);
    },
  );
}

/** What keeps the device from working, as it says itself; null: nothing does. */
async function askStatus(device: DeviceProxy): Promise<string | null> {
  const answer = await device.execute('getStatus', {}, { sessionId: null });
  if (!answer.ok) return 'reason' in answer.error ? answer.error.reason : answer.error.kind;
  const { state, reasons } = answer.value;
  return state === 'online' ? null : (reasons[0] ?? state);
}
