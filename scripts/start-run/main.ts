import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { LabError } from '../lab/lab-error.ts';
import { startStack } from '../stack/stack.ts';
import { openBrowser, openShell, type Screen } from './screens.ts';

const USAGE = `Usage: scripts/start [--shell=electron|browser|none] [--data FOLDER]

Starts a specimen terminal to use by hand: simulated cabinet, reference registry, core, pages.
  --shell=electron   the kiosk window (the default); needs a display and the Electron binary
  --shell=browser    the citizen's pages in a browser on this machine: a preview, not the kiosk
  --shell=none       no screen; the addresses are printed
  --data FOLDER      keeps everything in FOLDER for the next start; without it a new folder is used
                     and removed at the end. Keep the path short: Unix sockets live in it.
Stop with Ctrl+C.`;

const { values } = parseArgs({
  options: {
    shell: { type: 'string', default: 'electron' },
    data: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const shells = ['electron', 'browser', 'none'] as const;
const wanted = shells.find((shell) => shell === values.shell);

async function main(shell: (typeof shells)[number]): Promise<number> {
  const screen: Screen | null =
    shell === 'electron' ? openShell() : shell === 'browser' ? openBrowser(say) : null;
  if (screen !== null && !screen.ready) {
    process.stderr.write(`${screen.reason}\nTry scripts/start --shell=browser\n`);
    return 1;
  }
  const kept = values.data;
  const dir =
    kept === undefined ? mkdtempSync(path.join(os.tmpdir(), 'anjungan-')) : path.resolve(kept);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const stack = await startStack({ dir, say: (line) => say(`start: ${line}`) });
  const { preview, console: consoleUrl, setupSecretFile } = stack.core.endpoints;
  say('');
  say('This terminal prints SPESIMEN of people who cannot exist.');
  say(`  citizen's pages, preview:      ${preview ?? '-'}`);
  say(`  cabinet's control panel:       ${stack.panelUrl}`);
  say(`  registry's front:              ${stack.frontUrl}`);
  say(`  technician's page:             ${consoleUrl}/technician/index.html`);
  say(`  print log:                     ${consoleUrl}/staff/index.html`);
  if (setupSecretFile !== null) say(`  secret for the first account:  ${setupSecretFile}`);
  say('');
  say(
    'To print: apply and approve at the registry, read the SMS there, then tap, scan or type here.',
  );
  const closeScreen = await screen?.show(stack.core.endpoints);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  say('\nstopping');
  await closeScreen?.();
  await stack.stop();
  if (kept === undefined) rmSync(dir, { recursive: true, force: true });
  return 0;
}

if (values.help || wanted === undefined) {
  say(USAGE);
  process.exitCode = values.help ? 0 : 64;
} else {
  try {
    process.exitCode = await main(wanted);
  } catch (cause) {
    if (!(cause instanceof LabError)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    process.exitCode = 1;
  }
}
