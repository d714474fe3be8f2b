import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { requirePrograms } from './lab-error.ts';
import type { LabProcess } from './lab-process.ts';
import { PrivateNamespace } from './private-namespace.ts';

/** Inside its own network, so the same for every run. */
const INNER_PORT = 8_631;

/**
 * What goes wrong with the next jobs, until `none`: `jam` and `coverOpen` stop a job until then, `hold`
 * keeps it printing until then, `abort` ends it as failed; `mediaEmpty`, `mediaLow` and `tonerLow` are supplies.
 */
export const PAGE_PRINTER_FAULTS = [
  'none',
  'jam',
  'coverOpen',
  'hold',
  'abort',
  'mediaEmpty',
  'mediaLow',
  'tonerLow',
] as const;
export type PagePrinterFault = (typeof PAGE_PRINTER_FAULTS)[number];

export interface PagePrinterLab {
  readonly uri: string;
  /** The printer's own web pages, for people. */
  readonly controlUrl: string;
  /** Every document received, as received. */
  readonly jobsDir: string;
  setFault(fault: PagePrinterFault): Promise<void>;
  /** Cuts the printer off, as a pulled cable does, and plugs it in again. */
  setConnected(connected: boolean): void;
  stop(): Promise<void>;
}

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
const PASSWD = 'root:x:0:0::/:/bin/false\navahi:x:0:0::/:/bin/false\n';
const GROUP = 'root:x:0:\navahi:x:0:\n';

/**
 * Starts a real ippeveprinter with the service discovery that it insists on, out of the way of any
 * other, and a way in on a loopback port. `dir` is made if absent.
 */
export async function startPagePrinterLab(options: {
  readonly dir: string;
}): Promise<PagePrinterLab> {
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
  const folder = join(options.dir, 'page-printer');
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
  const stopDaemons = async (): Promise<void> => {
    for (const daemon of daemons.reverse()) await daemon.kill();
    await namespace.close();
  };
  const start = (...command: readonly string[]): LabProcess => {
    const daemon = namespace.start(command, env);
    daemons.push(daemon);
    return daemon;
  };
  try {
    const bus = start(dbusDaemon, `--config-file=${folder}/dbus.conf`, '--nofork', '--nopidfile');
    await bus.untilReady('dbus-daemon', () => accepts(join(folder, 'system_bus_socket')));
    const discovery = start(
      avahiDaemon,
      `--file=${folder}/avahi.conf`,
      '--no-drop-root',
      '--no-rlimits',
      '--no-chroot',
    );
    await discovery.untilReady('avahi-daemon', () =>
      discovery.output.includes('Server startup complete'),
    );
    const printer = start(
      ippeveprinter,
      ...['-r', 'off', '-p', String(INNER_PORT), '-n', 'localhost', '-d', jobsDir, '-k'],
      ...['-f', 'application/pdf', '-c', join(import.meta.dirname, 'print-command.sh')],
      'Anjungan page printer lab',
    );
    start(socat, `UNIX-LISTEN:${wayIn},fork`, `TCP:127.0.0.1:${INNER_PORT},nodelay`);
    await printer.untilReady('ippeveprinter', () => answersHttp(wayIn));
  } catch (error) {
    await stopDaemons();
    throw error;
  }

  const setSupplies = async (fault: PagePrinterFault): Promise<void> => {
    const sheets = fault === 'mediaEmpty' ? 0 : fault === 'mediaLow' ? 2 : 250;
    const envelopes = fault === 'mediaEmpty' ? 0 : 25;
    await getOk(
      wayIn,
      `/media?size1=iso_a4_210x297mm&type1=stationery&level1=${sheets}` +
        `&size3=iso_dl_110x220mm&type3=envelope&level3=${envelopes}`,
    );
    const toner = fault === 'tonerLow' ? 3 : 80;
    await getOk(wayIn, `/supplies?supply0=10&supply1=${toner}`);
  };
  // It starts with letter paper.
  await setSupplies('none');
  const cable = await openCable(wayIn);
  return {
    uri: `ipp://127.0.0.1:${cable.port}/ipp/print`,
    controlUrl: `http://127.0.0.1:${cable.port}/`,
    jobsDir,
    async setFault(fault) {
      const isOfJob = ['jam', 'coverOpen', 'hold', 'abort'].includes(fault);
      setJobFault(isOfJob ? fault : 'none');
      await setSupplies(fault);
    },
    setConnected: (connected) => cable.setConnected(connected),
    async stop() {
      await cable.close();
      await stopDaemons();
    },
  };
}

interface Cable {
  readonly port: number;
  setConnected(connected: boolean): void;
  close(): Promise<void>;
}

/** A loopback port outside that leads to the printer's socket. */
async function openCable(wayIn: string): Promise<Cable> {
  const open = new Set<{ destroy(): unknown }>();
  let connected = true;
  const server = createServer((outer) => {
    if (!connected) {
      outer.destroy();
      return;
    }
    const inner = connect(wayIn);
    outer.setNoDelay(true);
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutOff = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    setConnected(now) {
      connected = now;
      if (!now) cutOff();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutOff();
      }),
  };
}

function accepts(socketPath: string): Promise<boolean> {
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
