import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accepts, INNER_PRINTER_URI, type IppPrinter } from './ipp-printer.ts';
import { LabError, requirePrograms } from './lab-error.ts';
import type { LabProcess } from './lab-process.ts';

/** Where the namespace sees our folder. */
const INSIDE = '/run/lab';

/**
 * The spooler of a terminal (`drivers/ipp/README.md` says why each line is there). `MaxJobTime` is the longest
 * that core waits for a job.
 */
const CUPSD_CONFIGURATION = `Listen ${INSIDE}/cups/cups.sock
LogLevel info
Browsing No
WebInterface No
DefaultAuthType None
DirtyCleanInterval 0
ErrorPolicy abort-job
MaxJobs 2
MaxJobTime 300
PreserveJobHistory Yes
PreserveJobFiles No
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
`;

const CUPS_FILES_CONFIGURATION = `ServerRoot ${INSIDE}/cups/root
RequestRoot ${INSIDE}/cups/spool
CacheDir ${INSIDE}/cups/cache
StateDir ${INSIDE}/cups/state
TempDir ${INSIDE}/cups/spool/tmp
DataDir /usr/share/cups
ServerBin /usr/lib/cups
AccessLog /dev/null
ErrorLog stderr
PageLog /dev/null
SystemGroup root
User lp
Group lp
`;

const LAB_QUEUE = 'printer';

export interface CupsQueue {
  /** A Unix socket on which cupsd listens. */
  readonly wayIn: string;
  /** The queue's path at any address of that socket. */
  readonly path: string;
  /** Where cupsd keeps the documents of its jobs while it has them. */
  readonly spoolDir: string;
  /** What cupsd said at last. */
  readonly output: string;
  /** Waits, as long as the spooler runs, until that is so. */
  untilHere(what: string, isHere: () => boolean): Promise<void>;
  /** Completes when the queue has this rule for a job that fails: the terminal's is `abort-job`. */
  setErrorPolicy(policy: 'abort-job' | 'stop-printer'): Promise<void>;
  /** As a crash of the spooler. */
  kill(): Promise<void>;
  /** Starts it again as the terminal does: with nothing left in its spool. */
  restart(): Promise<void>;
}

/**
 * Puts a real cupsd with one queue before a printer; ends with the printer. `driver` is the file of a PPD, as
 * vendors bring one, or null for a queue without a driver.
 */
export async function startCupsQueue(
  printer: IppPrinter,
  driver: string | null,
): Promise<CupsQueue> {
  // It runs its filters as a user of their own, which root of an ordinary user's namespace has none to be.
  if (process.getuid?.() !== 0) throw new LabError({ kind: 'rootNeeded', program: 'cupsd' });
  const [cupsd, lpadmin] = requirePrograms([
    ['cupsd', 'cups-daemon'],
    ['lpadmin', 'cups-client'],
  ]);
  requirePrograms([['gs', 'ghostscript']]);
  const folder = join(printer.folder, 'cups');
  const wayIn = join(folder, 'cups.sock');
  const spool = join(folder, 'spool');
  const emptySpool = (): void => {
    rmSync(spool, { recursive: true, force: true });
    rmSync(join(folder, 'cache'), { recursive: true, force: true });
    for (const name of ['root', 'cache', 'state', 'spool/tmp']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
  };
  rmSync(folder, { recursive: true, force: true });
  emptySpool();
  writeFileSync(join(folder, 'cupsd.conf'), CUPSD_CONFIGURATION);
  writeFileSync(join(folder, 'cups-files.conf'), CUPS_FILES_CONFIGURATION);
  const start = async (): Promise<LabProcess> => {
    const daemon = printer.start([
      cupsd,
      '-f',
      ...['-c', `${INSIDE}/cups/cupsd.conf`, '-s', `${INSIDE}/cups/cups-files.conf`],
    ]);
    await daemon.untilReady('cupsd', () => accepts(wayIn));
    return daemon;
  };
  let daemon = await start();
  const administer = async (...options: readonly string[]): Promise<string> => {
    const asked = [lpadmin, '-p', LAB_QUEUE, ...options];
    const done = printer.start(asked, { CUPS_SERVER: `${INSIDE}/cups/cups.sock` });
    await done.gone;
    return done.output;
  };
  const errorPolicy = (policy: string): string[] => ['-o', `printer-error-policy=${policy}`];
  const made = await administer(
    ...['-E', '-v', INNER_PRINTER_URI],
    ...(driver === null ? ['-m', 'everywhere'] : ['-P', driver]),
    ...errorPolicy('abort-job'),
    ...['-o', 'printer-is-shared=false', '-o', 'job-sheets-default=none,none'],
  );
  // A queue without a driver passes everything on as it is until CUPS has asked the printer.
  await daemon.untilReady(`a queue (${made})`, () =>
    existsSync(join(folder, 'root', 'ppd', `${LAB_QUEUE}.ppd`)),
  );
  return {
    wayIn,
    path: `/printers/${LAB_QUEUE}`,
    spoolDir: spool,
    get output() {
      return daemon.output;
    },
    untilHere: (what, isHere) => daemon.untilReady(what, isHere),
    setErrorPolicy: async (policy) => {
      await administer(...errorPolicy(policy));
    },
    kill: () => daemon.kill(),
    async restart() {
      emptySpool();
      daemon = await start();
    },
  };
}
