import net from 'node:net';
import path from 'node:path';
import { attachJsonLines } from '../base/json-lines.ts';
import { err, ok, type Result } from '../base/result.ts';
import { coreToTechnicianSchema } from '../rpc/technician.ts';
import type { TerminalStatus } from '../rpc/terminal-status.ts';
import { waitsForPeople } from '../rpc/waits-for-people.ts';
import { whoActs } from '../rpc/who-acts.ts';
import { unknownDeviceWords } from './bus-words.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, table, type Report } from './output.ts';
import { trendWords, whoActsWords } from './device-words.ts';
import { outOfServiceSentence, unavailableWords, waitsForPeopleSentence } from './service-lines.ts';

type AskError = 'coreNotRunning' | 'notAllowed' | 'coreDidNotAnswer';

const sentence: Readonly<Record<AskError, string>> = {
  coreNotRunning: 'Core does not run on this data folder: the terminal is out of service.',
  notAllowed: 'This user may not ask core: it is not in the group of run/technician.sock.',
  coreDidNotAnswer: 'Core did not answer.',
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
  return { json: value, lines: lines(value), exitStatus: isGood(value) ? GOOD : BAD_NEWS };
}

const isGood = (status: TerminalStatus): boolean =>
  status.outOfService === null &&
  waitsForPeople(status).length === 0 &&
  status.devices.every(({ state }) => state === 'online');

function lines(status: TerminalStatus): string[] {
  const { outOfService } = status;
  const service = outOfService === null ? 'in service' : 'OUT OF SERVICE';
  const offers = [...Object.entries(status.documents), ...Object.entries(status.ways)].map(
    ([name, reason]) => `  ${name}: ${reason === null ? 'available' : unavailableWords[reason]}`,
  );
  const devices = status.devices.map((device) => [
    device.name,
    device.real === false ? 'simulated' : 'real',
    device.state,
    device.reasons.join(' ') || '-',
    device.requiredAction === 'none' ? '-' : device.requiredAction,
    whoActsWords[whoActs(device.requiredAction, device.reasons[0])],
    trendWords(device.trend),
  ]);
  const { journal, registry } = status;
  return [
    `${status.terminalId}, ${status.place} (${status.mode}, version ${status.version}): ${service}`,
    ...(outOfService === null ? [] : [outOfServiceSentence[outOfService]]),
    ...offers,
    ...waitsForPeople(status).map((reason) => waitsForPeopleSentence[reason]),
    '',
    ...table([
      ['device', 'kind', 'state', 'reasons', 'action asked', 'of whom', 'faults'],
      ...devices,
    ]),
    ...status.unknownDevices.map(
      (found) => `unknown device, left alone: ${unknownDeviceWords(found)}`,
    ),
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
