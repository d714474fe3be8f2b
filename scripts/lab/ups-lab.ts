import { renameSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { LabError, requirePrograms } from './lab-error.ts';
import { LabProcess } from './lab-process.ts';

/** As the daemons call the only UPS there is. */
export const LAB_UPS = 'cabinet';
/** Debian keeps the daemons here; what lies in sbin starts them only where `nut.conf` allows it. */
const DAEMONS = '/lib/nut';
/** Seconds without a word of the driver after which upsd calls what it knows stale. */
const STALE_AFTER_S = 3;

export interface UpsLab {
  /** On the loopback address. */
  readonly port: number;
  /** Completes when upsd tells these values; others it knows stay as they were. */
  say(variables: Readonly<Record<string, string>>): Promise<void>;
  /** Stops the driver in its tracks, or lets it go on. Completes when upsd tells so. */
  setStale(stale: boolean): Promise<void>;
  /** Kills upsd as a crash would. Completes when it is gone. */
  killDaemon(): Promise<void>;
  /** Completes when it answers again. */
  startDaemon(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a real upsd and its driver `dummy-ups`, which plays what a file says, with all they read and write
 * under `dir`, and away from any other upsd of this machine.
 */
export async function startUpsLab(options: {
  readonly dir: string;
  readonly variables: Readonly<Record<string, string>>;
}): Promise<UpsLab> {
  const [upsd, dummyUps] = requirePrograms([
    [join(DAEMONS, 'upsd'), 'nut-server'],
    [join(DAEMONS, 'dummy-ups'), 'nut-server'],
    ['setpriv', 'util-linux'],
  ]);
  const { dir } = options;
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const scene = join(dir, 'cabinet.dev');
  let scenes = 0;
  const write = (variables: Readonly<Record<string, string>>): void => {
    const lines = Object.entries(variables).map(([name, value]) => `${name}: ${value}\n`);
    writeFileSync(`${scene}.new`, lines.join(''));
    // The driver reads a file anew when the second of its last change is another one.
    scenes += 1;
    utimesSync(`${scene}.new`, scenes, scenes);
    renameSync(`${scene}.new`, scene);
  };
  write(options.variables);
  writeFileSync(join(dir, 'ups.conf'), upsConf(scene));
  const mine = { mode: 0o600 };
  writeFileSync(
    join(dir, 'upsd.conf'),
    `LISTEN 127.0.0.1 ${port}\nMAXAGE ${STALE_AFTER_S}\n`,
    mine,
  );
  writeFileSync(join(dir, 'upsd.users'), '[anjungan]\n  password = "of the lab"\n', mine);

  const env = { ...process.env, NUT_CONFPATH: dir, NUT_STATEPATH: dir, NUT_ALTPIDPATH: dir };
  const asMe = ['-F', '-u', userInfo().username];
  const driver = new LabProcess([dummyUps, ...asMe, '-a', LAB_UPS], { env });
  const answers = (expected: readonly string[]) => async (): Promise<boolean> => {
    const said = await ask(port);
    return expected.every((line) => said.includes(line));
  };
  let daemon: LabProcess | undefined;
  const startDaemon = async (): Promise<void> => {
    daemon = new LabProcess([upsd, ...asMe], { env });
    await daemon.untilReady('upsd', answers([`END LIST VAR ${LAB_UPS}`]));
  };
  const told = async (waitedFor: string, lines: readonly string[]): Promise<void> => {
    if (daemon === undefined) throw new LabError({ kind: 'notReady', waitedFor, output: '' });
    await daemon.untilReady(waitedFor, answers(lines));
  };
  const toldAll = (variables: Readonly<Record<string, string>>): Promise<void> =>
    told(
      'what the UPS says',
      Object.entries(variables).map(([name, value]) => `VAR ${LAB_UPS} ${name} "${value}"`),
    );
  const stop = async (): Promise<void> => {
    await daemon?.kill();
    await driver.kill();
  };
  try {
    await startDaemon();
    await toldAll(options.variables);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    say: async (variables) => {
      write(variables);
      await toldAll(variables);
    },
    setStale: async (stale) => {
      process.kill(driver.pid, stale ? 'SIGSTOP' : 'SIGCONT');
      if (stale) await told('stale data', ['ERR DATA-STALE']);
      else await told('fresh data', [`END LIST VAR ${LAB_UPS}`]);
    },
    killDaemon: async () => daemon?.kill(),
    startDaemon,
    stop,
  };
}

const upsConf = (scene: string): string => `maxretry = 1
pollinterval = 1
[${LAB_UPS}]
  driver = dummy-ups
  port = ${scene}
  mode = dummy-once
  desc = "A UPS that plays what a file says"
`;

/** The lines of upsd's answer; none where it does not answer. */
function ask(port: number): Promise<string[]> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`LIST VAR ${LAB_UPS}\nLOGOUT\n`);
    });
    socket.on('data', (bytes) => (said += bytes.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(said.split('\n')));
  });
}

/** upsd takes a number and tells none that it chose. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
