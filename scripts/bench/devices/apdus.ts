import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Card, Client, Reader } from 'pcsc-mini';
import { parseAnswer, readBinary, selectFile } from '../../../drivers/ektp/apdu.ts';
import { CardConnection } from '../../../drivers/pcsc-card-reader/card-connection.ts';
import {
  loadPcscLibrary,
  type PcscLibrary,
} from '../../../drivers/pcsc-card-reader/pcsc-library.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { startPcscLab } from '../../lab/pcsc-lab.ts';
import { median, type Measure } from '../table.ts';
import { inTurn } from './in-turn.ts';

const ROUNDS = 2_000;
const WARM_UP = 200;
/** As much as a chunk of the biodata. */
const ANSWER_BYTES = 0x70;

const person = {
  uidHex: '04A1B2C3D4E5F6',
  biodata: Object.fromEntries(
    [
      ...['nik', 'name', 'birthPlace', 'birthDate', 'sex', 'address', 'rt', 'rw', 'village'],
      ...['district', 'regency', 'province', 'religion', 'maritalStatus', 'occupation'],
      ...['bloodGroup', 'nationality'],
    ].map((name) => [name, 'SPESIMEN']),
  ),
};

/** Milliseconds of READ BINARY through pcscd to a virtual card: by our channel, and by the binding alone. */
export async function measureApdus(folder: string): Promise<Measure> {
  const lab = await startPcscLab({ dir: folder });
  const [program, ...args] = lab.virtualCardCommand;
  const citizen = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const replies = createInterface({ input: citizen.stdout });
    citizen.stdin.write(`${JSON.stringify({ type: 'tap', card: person })}\n`);
    await once(replies, 'line');
    const pcsc = await loadPcscLibrary(lab.csockName);
    const client = new pcsc.Client();
    const reader = await readerOf(client, pcsc, lab.cardReaderName);
    const measure = await measureOn(reader, pcsc);
    client.stop();
    return measure;
  } finally {
    citizen.stdin.end();
    if (citizen.exitCode === null) await once(citizen, 'exit');
    await lab.stop();
  }
}

/** One connection for both, so that one waits as long for the card as the other. */
async function measureOn(reader: Reader, pcsc: PcscLibrary): Promise<Measure> {
  let bare: Card | undefined;
  const connect: Reader['connect'] = async (mode) => (bare = await reader.connect(mode));
  const listening = new Proxy(reader, {
    get: (target, name) =>
      name === 'connect' ? connect : (Reflect.get(target, name, target) as unknown),
  });
  const watch = { isEmpty: () => false, untilEmpty: () => Promise.resolve(false) };
  const opened = await CardConnection.open(pcsc, listening, watch, systemClock);
  if (!opened.ok || bare === undefined) throw new Error('the virtual card cannot be reached');
  const ours = opened.value;
  const card = bare;
  const read = readBinary(0, ANSWER_BYTES);
  for (const file of [0x7f0a, 0x6ff2]) await good(ours.transmit(selectFile(file)));
  const times = await inTurn(
    {
      ours: async () => good(ours.transmit(read)),
      floor: async () => parseAnswer(await card.transmit(read)),
    },
    { rounds: ROUNDS, warmUp: WARM_UP },
  );
  await ours.close();
  return {
    name: `READ BINARY of ${ANSWER_BYTES} bytes through pcscd, ms (floor: pcsc-mini bare)`,
    ours: median(times.ours),
    peer: null,
    floor: median(times.floor),
    goal: { atMost: 1.5 },
  };
}

async function good(sent: ReturnType<CardConnection['transmit']>): Promise<void> {
  const answer = await sent;
  if (!answer.ok || parseAnswer(answer.value)?.sw !== 0x9000) {
    throw new Error('the virtual card did not answer');
  }
}

/** Completes when the daemon shows the reader with a card in it. */
function readerOf(client: Client, pcsc: PcscLibrary, name: string): Promise<Reader> {
  return new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('reader', (reader) => {
      if (reader.name() !== name) return;
      reader.on('change', (status) => {
        if (status.has(pcsc.ReaderStatus.PRESENT)) resolve(reader);
      });
    });
    client.start();
  });
}
