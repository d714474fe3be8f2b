import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { LabError, requirePrograms } from './lab-error.ts';
import type { LabProcess } from './lab-process.ts';
import { PrivateNamespace } from './private-namespace.ts';

/** vpcd's own ports, free to use because the network is private: the first slot is the card's, the next the SAM's. */
const FIRST_SLOT_PORT = 35_963;
/** sun_path of unix(7), with its terminating zero. */
const MAX_SOCKET_PATH_BYTES = 107;

const READER_CONFIGURATION = `FRIENDLYNAME "Virtual PCD"
DEVICENAME /dev/null:0x${FIRST_SLOT_PORT.toString(16).toUpperCase()}
LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so
CHANNELID 0x${FIRST_SLOT_PORT.toString(16).toUpperCase()}
`;

export interface PcscLab {
  /** For `PCSCLITE_CSOCK_NAME`: the daemon's socket. */
  readonly csockName: string;
  /** Name of the slot that takes the citizen's card, and of the SAM's. */
  readonly cardReaderName: string;
  readonly samReaderName: string;
  /** Starts the virtual card and SAM, which must run in the daemon's network. */
  readonly virtualCardCommand: readonly [string, ...string[]];
  /** Kills the daemon as a crash would. Completes when it is gone. */
  killDaemon(): Promise<void>;
  /** Completes when clients can connect again. */
  startDaemon(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a real pcscd with two virtual slots, out of the way of any other. `dir` is made if absent. */
export async function startPcscLab(options: { readonly dir: string }): Promise<PcscLab> {
  const [pcscd] = requirePrograms([
    ['pcscd', 'pcscd'],
    ['unshare', 'util-linux'],
    ['nsenter', 'util-linux'],
    ['setpriv', 'util-linux'],
    ['ip', 'iproute2'],
  ]);
  const socketFolder = join(options.dir, 'pcscd');
  const configuration = join(options.dir, 'readers');
  const csockName = join(socketFolder, 'pcscd.comm');
  if (Buffer.byteLength(csockName) > MAX_SOCKET_PATH_BYTES) {
    throw new LabError({ kind: 'folderTooLong', path: csockName });
  }
  mkdirSync(socketFolder, { recursive: true });
  mkdirSync(configuration, { recursive: true });
  writeFileSync(join(configuration, 'vpcd'), READER_CONFIGURATION);

  const namespace = await PrivateNamespace.open(socketFolder, '/run/pcscd');
  let daemon: LabProcess | undefined;
  const startDaemon = async (): Promise<void> => {
    // A killed pcscd leaves its pid, and the next one refuses to start while any process bears that
    // number: an unrelated one, or the dead one that its new parent has not reaped yet.
    for (const left of ['pcscd.pid', 'pcscd.comm'])
      rmSync(join(socketFolder, left), { force: true });
    const started = namespace.start([pcscd, '--foreground', '--config', configuration]);
    daemon = started;
    await started.untilReady('pcscd', () => answers(csockName));
  };
  const stop = async (): Promise<void> => {
    await daemon?.kill();
    await namespace.close();
  };
  try {
    await startDaemon();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    csockName,
    cardReaderName: 'Virtual PCD 00 00',
    samReaderName: 'Virtual PCD 00 01',
    virtualCardCommand: namespace.inNetwork([
      process.execPath,
      join(import.meta.dirname, '../../drivers/ektp/virtual-card.ts'),
    ]),
    killDaemon: async () => {
      await daemon?.kill();
    },
    startDaemon,
    stop,
  };
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
