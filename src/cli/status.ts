import net from 'node:net';
import { attachJsonLines } from '../base/json-lines.ts';
import { err, ok, type Result } from '../base/result.ts';
import { coreToTechnicianSchema } from '../rpc/technician.ts';
import type { TerminalStatus } from '../rpc/terminal-status.ts';
import { waitsForPeople } from '../rpc/waits-for-people.ts';
import { whoActs } from '../rpc/who-acts.ts';
import { unknownDeviceWords } from './bus-words.ts';
import { noCoreReport, socketPath, whyNoCore, type NoCore } from './no-core.ts';
import { BAD_NEWS, GOOD, table, type Report } from './output.ts';
import { trendWords, whoActsWords } from './device-words.ts';
import { outOfServiceSentence, unavailableWords, waitsForPeopleSentence } from './service-lines.ts';

const ANSWER_MS = 5_000;

/** `anjungan status`: what works, what does not, and what to do, from the running core. */
export async function status(dataFolder: string): Promise<Report> {
  const answer = await ask(dataFolder);
  if (!answer.ok) return noCoreReport(answer.error, dataFolder, 'technician');
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
    kindWords(device.real),
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
    `registry: ${answeringWords(registry.answering)}, ${registry.owed} messages owed`,
    `journal: ${journal.rows} rows, anchored through ${journal.anchoredThrough ?? 'none'}`,
  ];
}

/** null: no driver was loaded that could say. */
const kindWords = (real: boolean | null): string => {
  if (real === null) return 'not known yet';
  return real ? 'real' : 'simulated';
};

/** null: core just started. */
const answeringWords = (answering: boolean | null): string => {
  if (answering === null) return 'not asked yet';
  return answering ? 'answers' : 'does not answer';
};

function ask(dataFolder: string): Promise<Result<TerminalStatus, NoCore>> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath(dataFolder, 'technician'));
    const finish = (result: Result<TerminalStatus, NoCore>): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => finish(err('coreDidNotAnswer')), ANSWER_MS);
    socket.once('error', (cause: NodeJS.ErrnoException) =>
      finish(err(whyNoCore(dataFolder, cause))),
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
