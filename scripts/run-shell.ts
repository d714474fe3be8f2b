/**
 * Starts the Electron shell from a checkout, for `scripts/start` and for tests. As root it becomes an
 * ordinary user first. It never fetches an Electron.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assertNever } from '../src/base/assert.ts';
import { err, ok, type Result } from '../src/base/result.ts';
import { findElectron, type ElectronFound, type NoElectron } from './shell-run/find-electron.ts';
import { desktopEnvironment, readableBy, shellUser } from './shell-run/ordinary-user.ts';
import { relaySocket, type SocketRelay } from './shell-run/socket-relay.ts';

export { findElectron, type ElectronFound } from './shell-run/find-electron.ts';

export type NoShell =
  | NoElectron
  | { readonly kind: 'noDisplay' }
  | { readonly kind: 'notBuilt'; readonly file: string };

export type ShellStartError =
  | { readonly kind: 'ended'; readonly exitCode: number | null; readonly output: string }
  | { readonly kind: 'notReady'; readonly output: string };

export interface ShellOptions {
  readonly electron: ElectronFound;
  /** An X display, as `:0`. */
  readonly display: string;
  /** The Unix socket of core for the citizen's screen; it need not be there yet. */
  readonly citizenSocket: string;
  /** The built program: `shell/` and `ui/` side by side. */
  readonly built?: string;
  /** The folder of `built` that Electron starts from. */
  readonly app?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly readyWithinMs?: number;
}

export interface RunningShell {
  /** Electron's main process. */
  readonly pid: number;
  /** The folder that is its home; gone once it stopped. */
  readonly home: string;
  /** All that it wrote so far, standard error included. */
  readonly output: () => string;
  /** Completes with the exit code when it ended by itself or by `stop`; null after a signal. */
  readonly ended: Promise<number | null>;
  /** Asks it to end (SIGTERM), insists after 10 s, and clears its home away. */
  stop(): Promise<number | null>;
}

const root = path.resolve(import.meta.dirname, '..');
const BUILT = path.join(root, 'dist');
const MAX_OUTPUT = 256 * 1024;
const PATIENCE_MS = 10_000;

/** What a shell could be started with now, or why none can. */
export function shellAvailable(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<{ readonly electron: ElectronFound; readonly display: string }, NoShell> {
  const electron = findElectron(env);
  if (!electron.ok) return electron;
  const display = env['DISPLAY'] ?? '';
  if (display === '') return err({ kind: 'noDisplay' });
  for (const file of ['shell/main.cjs', 'ui/citizen/index.html'])
    if (!existsSync(path.join(BUILT, file))) return err({ kind: 'notBuilt', file });
  return ok({ electron: electron.value, display });
}

/** One plain sentence for whoever asked for the window. */
export function whyNoShell(trouble: NoShell): string {
  switch (trouble.kind) {
    case 'noElectron':
      return `No Electron in ${trouble.lookedIn.join(', ')}: run "npx install-electron" where github.com can be reached, or point ELECTRON_OVERRIDE_DIST_PATH at a folder that has one.`;
    case 'noDisplay':
      return 'No display: DISPLAY is not set, so there is no screen to put the window on.';
    case 'notBuilt':
      return `The shell is not built: dist/${trouble.file} is missing; run "npm run build".`;
    default:
      return assertNever(trouble);
  }
}

/**
 * Starts the shell and completes when it says that it started; its page may still be loading. As root it
 * runs as nobody: with a temporary home, a copy of whatever that user cannot read, and a relay to the
 * citizen's socket that only that user may open.
 */
export async function startShell(
  options: ShellOptions,
): Promise<Result<RunningShell, ShellStartError>> {
  const user = shellUser();
  const home = mkdtempSync(path.join(tmpdir(), 'anjungan-shell-'));
  user.give(home);
  let relay: SocketRelay | null = null;
  let socketPath = options.citizenSocket;
  if (user.isOther) {
    socketPath = path.join(home, 'citizen.sock');
    relay = await relaySocket(socketPath, options.citizenSocket);
    user.give(socketPath);
  }
  const electron = readableBy(user, options.electron.folder, home);
  const built = readableBy(user, options.built ?? BUILT, home);
  const [program, ...prefix] = user.command;
  const child = spawn(
    program,
    [
      ...prefix,
      path.join(electron, 'electron'),
      ...(options.args ?? []),
      path.join(built, options.app ?? 'shell'),
    ],
    {
      cwd: home,
      env: {
        ...desktopEnvironment(user, home, options.display),
        ANJUNGAN_CITIZEN_SOCKET: socketPath,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output = collect(child);
  // Not by `once`, which would reject where the program could not be started: that comes to its close too.
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const ended = closed.then(async (code) => {
    await relay?.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    return code;
  });
  const shell: RunningShell = {
    pid: child.pid ?? 0,
    home,
    output,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      const code = await ended;
      clearTimeout(insist);
      return code;
    },
  };
  const state = await firstWord(child, output, ended, options.readyWithinMs ?? 60_000);
  if (state === 'started') return ok(shell);
  if (state === 'late') {
    await shell.stop();
    return err({ kind: 'notReady', output: output() });
  }
  return err({ kind: 'ended', exitCode: state.exitCode, output: output() });
}

function collect(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-MAX_OUTPUT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => (text += error.message));
  return () => text;
}

async function firstWord(
  child: ChildProcess,
  output: () => string,
  ended: Promise<number | null>,
  withinMs: number,
): Promise<'started' | 'late' | { readonly exitCode: number | null }> {
  let timer: NodeJS.Timeout | undefined;
  const said = new Promise<'started' | 'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), withinMs);
    child.stderr?.on('data', () => {
      if (output().includes('"event":"started"')) resolve('started');
    });
  });
  const first = await Promise.race([said, ended.then((exitCode) => ({ exitCode }))]);
  clearTimeout(timer);
  return first;
}
