import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { requirePrograms } from './lab-error.ts';
import type { LabProcess } from './lab-process.ts';
import { PrivateNamespace } from './private-namespace.ts';

/** Inside its own network, so the same for every run. */
export const INNER_PRINTER_URI = 'ipp://127.0.0.1:8631/ipp/print';

const DBUS_CONFIGURATION = `<busconfig>
  <type>system</type>
  <listen>unix:path=/run/lab/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
</busconfig>
`;

const AVAHI_CONFIGURATION = `[server]
host-name=anjungan-lab
use-ipv4=yes
use-ipv6=no
allow-interfaces=lo
enable-dbus=yes
[wide-area]
enable-wide-area=no
`;

/** avahi-daemon gives its folder to a user of its own, and in an ordinary user's namespace there is only root. */
const PASSWD = 'root:x:0:0::/:/bin/false\navahi:x:0:0::/:/bin/false\nlp:x:7:7::/:/bin/false\n';
const GROUP = 'root:x:0:\navahi:x:0:\nlp:x:7:\n';

/** One ippeveprinter in a network and mount namespace of its own, with the discovery that it insists on. */
export interface IppPrinter {
  /** A Unix socket that leads to the printer's port. */
  readonly wayIn: string;
  /** Every document received, as received. */
  readonly jobsDir: string;
  /** Our folder, which is seen inside at `/run/lab`. */
  readonly folder: string;
  /** Starts another daemon beside it, which ends with it. */
  start(command: readonly string[], env?: NodeJS.ProcessEnv): LabProcess;
  /** A word that `print-command.sh` knows: what befalls the next jobs. */
  setJobFault(fault: string): void;
  /** Asks one of the printer's own web pages, by which its supplies are set. */
  visit(path: string): Promise<void>;
  stop(): Promise<void>;
}

/** `printer` are the arguments that make this printer; `folder` is made if absent. */
export async function startIppPrinter(
  folder: string,
  printer: readonly string[],
): Promise<IppPrinter> {
  const [ippeveprinter, dbusDaemon, avahiDaemon, socat] = requirePrograms([
    ['ippeveprinter', 'cups-ipp-utils'],
    ['dbus-daemon', 'dbus'],
    ['avahi-daemon', 'avahi-daemon'],
    ['socat', 'socat'],
    ['pdfinfo', 'poppler-utils'],
    ['unshare', 'util-linux'],
    ['nsenter', 'util-linux'],
    ['setpriv', 'util-linux'],
    ['ip', 'iproute2'],
  ]);
  const jobsDir = join(folder, 'jobs');
  const wayIn = join(folder, 'ipp.sock');
  mkdirSync(jobsDir, { recursive: true });
  // Left over where the last run in this folder was killed.
  for (const socket of [wayIn, join(folder, 'system_bus_socket')]) rmSync(socket, { force: true });
  writeFileSync(join(folder, 'dbus.conf'), DBUS_CONFIGURATION);
  writeFileSync(join(folder, 'avahi.conf'), AVAHI_CONFIGURATION);
  writeFileSync(join(folder, 'passwd'), PASSWD);
  writeFileSync(join(folder, 'group'), GROUP);
  const setJobFault = (fault: string): void => {
    // The print command reads this at any moment: it must never find half a word.
    writeFileSync(join(folder, 'fault.new'), fault);
    renameSync(join(folder, 'fault.new'), join(folder, 'fault'));
  };
  setJobFault('none');

  const namespace = await PrivateNamespace.open(folder, '/run/lab', [
    [join(folder, 'passwd'), '/etc/passwd'],
    [join(folder, 'group'), '/etc/group'],
  ]);
  const env = {
    ...process.env,
    DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/run/lab/system_bus_socket',
    LAB_FAULT_FILE: join(folder, 'fault'),
  };
  const daemons: LabProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const daemon of daemons.reverse()) await daemon.kill();
    await namespace.close();
  };
  const start = (command: readonly string[], more: NodeJS.ProcessEnv = {}): LabProcess => {
    const daemon = namespace.start(command, { ...env, ...more });
    daemons.push(daemon);
    return daemon;
  };
  try {
    const bus = start([dbusDaemon, `--config-file=${folder}/dbus.conf`, '--nofork', '--nopidfile']);
    await bus.untilReady('dbus-daemon', () => accepts(join(folder, 'system_bus_socket')));
    const discovery = start([
      avahiDaemon,
      `--file=${folder}/avahi.conf`,
      '--no-drop-root',
      '--no-rlimits',
      '--no-chroot',
    ]);
    await discovery.untilReady('avahi-daemon', () =>
      discovery.output.includes('Server startup complete'),
    );
    const { hostname, port } = new URL(INNER_PRINTER_URI.replace(/^ipp/, 'http'));
    const daemon = start([
      ippeveprinter,
      ...['-r', 'off', '-p', port, '-n', 'localhost', '-d', jobsDir, '-k'],
      ...['-c', join(import.meta.dirname, 'print-command.sh'), ...printer],
    ]);
    start([socat, `UNIX-LISTEN:${wayIn},fork`, `TCP:${hostname}:${port},nodelay`]);
    await daemon.untilReady('ippeveprinter', () => answersHttp(wayIn));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    wayIn,
    jobsDir,
    folder,
    start,
    setJobFault,
    visit: (path) => getOk(wayIn, path),
    stop,
  };
}

export function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function answersHttp(socketPath: string): Promise<boolean> {
  return getOk(socketPath, '/').then(
    () => true,
    () => false,
  );
}

function getOk(socketPath: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, agent: false }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`the printer's page ${path} answered ${response.statusCode ?? 0}`));
      });
    })
      .once('error', reject)
      .end();
  });
}
