import net from 'node:net';
import path from 'node:path';
import { attachJsonLines } from '../base/json-lines.ts';
import { err, ok, type Result } from '../base/result.ts';
import { coreToTechnicianSchema } from '../rpc/technician.ts';
import type { UnavailableReason } from '../rpc/citizen-view.ts';
import type { TerminalStatus } from '../rpc/terminal-status.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, table, type Report } from './output.ts';

type AskError = 'coreNotRunning' | 'notAllowed' | 'coreDidNotAnswer';

const sentence: Readonly<Record<AskError, string>> = {
  coreNotRunning: 'Core does not run on this data folder: the terminal is out of service.',
  notAllowed: 'This user may not ask core: it is not in the group of run/technician.sock.',
  coreDidNotAnswer: 'Core did not answer.',
};

/** What waits for people, and not for a supply or a device that the list below names. */
const waitsForPeople: Readonly<Partial<Record<UnavailableReason, string>>> = {
  outcomeUnresolved:
    'An outcome is uncertain: two people have to decide it before a card is printed.',
  strangeBlank:
    'A feeder gave a blank that the ledger did not expect, and it went to the reject bin: two people have to look there and into the feeder, and close the incident.',
};

const ANSWER_MS = 5_000;

/** `anjungan status`: what works, what does not, and what to do, from the running core. */
export async function status(dataFolder: string): Promise<Report> {
  const answer = await ask(path.join(dataFolder, 'run/technician.sock'));
  if (!answer.ok) {
    const { error } = answer;
    return { json: { error }, lines: [sentence[error]], exitStatus: NO_ANSWER };
  }
  const { value } = answer;
  const good = value.outOfService === null && value.devices.every((d) => d.state === 'online');
  return { json: value, lines: lines(value), exitStatus: good ? GOOD : BAD_NEWS };
}

function lines(status: TerminalStatus): string[] {
  const service =
    status.outOfService === null ? 'in service' : `OUT OF SERVICE: ${status.outOfService}`;
  const offers = [...Object.entries(status.documents), ...Object.entries(status.ways)].map(
    ([name, reason]) => `  ${name}: ${reason ?? 'available'}`,
  );
  const asked = new Set(
    Object.values(status.documents).flatMap((reason) =>
      reason === null ? [] : (waitsForPeople[reason] ?? []),
    ),
  );
  const devices = status.devices.map((device) => [
    device.name,
    device.real === false ? 'simulated' : 'real',
    device.state,
    device.reasons.join(' ') || '-',
    device.requiredAction === 'none' ? '-' : device.requiredAction,
  ]);
  const { journal, registry } = status;
  return [
    `${status.terminalId}, ${status.place} (${status.mode}, version ${status.version}): ${service}`,
    ...offers,
    ...asked,
    '',
    ...table([['device', 'kind', 'state', 'reasons', 'action asked'], ...devices]),
    '',
    `registry: ${registry.answering === true ? 'answers' : 'does not answer'}, ${registry.owed} messages owed`,
    `journal: ${journal.rows} rows, anchored through ${journal.anchoredThrough ?? 'none'}`,
  ];
}

function ask(socketPath: string): Promise<Result<TerminalStatus, AskError>> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    const finish = (result: Result<TerminalStatus, AskError>): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish(err('coreDidNotAnswer')), ANSWER_MS);
    socket.once('error', (cause: NodeJS.ErrnoException) =>
      finish(err(cause.code === 'EACCES' ? 'notAllowed' : 'coreNotRunning')),
    );
    const send = attachJsonLines(socket, {
      onFrame: (frame) => {
        const parsed = coreToTechnicianSchema.safeParse(frame);
        finish(parsed.success ? ok(parsed.data.status) : err('coreDidNotAnswer'));
      },
      onClose: () => finish(err('coreDidNotAnswer')),
    });
    socket.once('connect', () => send({ type: 'status' }));
  });
}
