import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../src/base/result.ts';
import { runByHand } from './by-hand.ts';
import { openBrowser, openShell } from './screens.ts';

const USAGE = `Usage: scripts/start [--shell=electron|browser|none] [--data FOLDER]

Starts a specimen terminal to use by hand: simulated cabinet, reference registry, core, pages.
  --shell=electron   the kiosk window (the default); needs a display and the Electron binary
  --shell=browser    the citizen's pages in a browser on this machine: a preview, not the kiosk
  --shell=none       no screen; the addresses are printed
  --data FOLDER      keeps everything in FOLDER for the next start, the terminal's own in FOLDER/terminal;
                     without it a new folder is used and removed at the end. Keep the path short: Unix
                     sockets live in it.
Stop with Ctrl+C. It ends with 1 when a program of it, or the window, ends by itself.`;

const EX_USAGE = 64;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const shells = ['electron', 'browser', 'none'] as const;
type Shell = (typeof shells)[number];

async function main(shell: Shell, kept: string | undefined): Promise<number> {
  const screen = shell === 'electron' ? openShell() : shell === 'browser' ? openBrowser(say) : null;
  if (screen !== null && !screen.ready) {
    complain(screen.reason);
    return 1;
  }
  try {
    const ran = await runByHand({ screen, kept, say });
    if (ran.ok) return 0;
    complain(ran.error);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    complain(`scripts/start failed: ${cause.message}`);
  }
  return 1;
}

/** The options as given, or what is wrong with them. */
function read(): Result<{ shell: string; data?: string | undefined; help: boolean }, string> {
  try {
    const { values } = parseArgs({
      options: {
        shell: { type: 'string', default: 'electron' },
        data: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    return ok(values);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    // What follows the first sentence is about words that only look like options.
    return err(cause.message.split('. ')[0] ?? '');
  }
}

function wrongUse(what: string): number {
  complain(`${what}.\n${USAGE}`);
  return EX_USAGE;
}

const given = read();
if (!given.ok) process.exitCode = wrongUse(given.error);
else if (given.value.help) say(USAGE);
else {
  const shell = shells.find((one) => one === given.value.shell);
  process.exitCode =
    shell === undefined
      ? wrongUse(`There is no --shell=${given.value.shell}`)
      : await main(shell, given.value.data);
}
