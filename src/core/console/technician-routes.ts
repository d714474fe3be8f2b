import type { FastifyInstance } from 'fastify';
import type { DeviceSupervisor } from '../../devices/ports.ts';
import type { JournalEvent } from '../../journal/catalogue.ts';
import type { Role, SelfTest } from '../../rpc/console.ts';
import type { TerminalStatus } from '../../rpc/terminal-status.ts';
import type { SignIn } from '../../staff/sign-in.ts';
import { personWith, refuse } from './guard.ts';

const technicians: readonly Role[] = ['technician', 'administrator'];

/** How the terminal is, and one self-test a device, which asks and moves nothing. */
export function technicianRoutes(
  server: FastifyInstance,
  parts: {
    readonly signIn: SignIn;
    readonly status: () => TerminalStatus;
    readonly supervisor: DeviceSupervisor;
    readonly record: (events: readonly JournalEvent[]) => Promise<void>;
  },
): void {
  const { signIn, status, supervisor, record } = parts;

  server.get('/api/technician/status', (request, reply) =>
    personWith(signIn, request, reply, technicians) === null ? reply : reply.send(status()),
  );

  server.post<{ Params: { name: string } }>(
    '/api/technician/devices/:name/self-test',
    async (request, reply) => {
      const by = personWith(signIn, request, reply, technicians);
      if (by === null) return reply;
      const { name } = request.params;
      const health = supervisor.list().find((device) => device.name === name);
      if (health === undefined) return refuse(reply, 404, { refused: 'notFound' });
      const answer = await supervisor
        .device(name, health.deviceClass)
        .execute('getStatus', {}, { sessionId: null });
      const faultCode = answer.ok
        ? answer.value.state === 'online'
          ? null
          : (answer.value.reasons[0] ?? answer.value.state)
        : answer.error.kind;
      const passed = faultCode === null;
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
      return reply.send({ device: name, passed, faultCode } satisfies SelfTest);
    },
  );
}
