import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** `nobody` and `nogroup` of every Debian: owns no file and is in no group. */
const NOBODY = 65_534;

/** Who runs the shell: somebody else when we are root, since Chromium's sandbox refuses root; else we. */
export interface ShellUser {
  /** Put before a command; also lets the kernel end the program when this process dies. */
  readonly command: readonly [string, ...string[]];
  /** Gives the file or folder to that user. */
  readonly give: (file: string) => void;
  readonly isOther: boolean;
}

export function shellUser(): ShellUser {
  if (process.getuid?.() !== 0)
    return { command: ['setpriv', '--pdeathsig', 'KILL'], give: () => undefined, isOther: false };
  return {
    command: [
      'setpriv',
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      '--clear-groups',
      '--no-new-privs',
      '--pdeathsig',
      'KILL',
    ],
    give: (file) => chownSync(file, NOBODY, NOBODY),
    isOther: true,
  };
}

/**
 * A path of `folder` under which the user may read it: where it is, or a copy below `copies` when some
 * folder above it is closed to others, as under /root.
 */
export function readableBy(user: ShellUser, folder: string, copies: string): string {
  const [program, ...args] = user.command;
  const probe = ['find', folder, '-not', '-readable', '-print', '-quit'];
  const seen = spawnSync(program, [...args, ...probe], { encoding: 'utf8' });
  if (seen.status === 0 && seen.stdout === '') return folder;
  const copy = path.join(copies, path.basename(folder));
  cpSync(folder, copy, { recursive: true, dereference: true });
  spawnSync('chmod', ['-R', 'a+rX', copy]);
  return copy;
}

/** The folders an X or Wayland program wants, all below `home`, plus the key to the X display. */
export function desktopEnvironment(
  user: ShellUser,
  home: string,
  display: string,
): Record<string, string> {
  const runtime = path.join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  user.give(runtime);
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    HOME: home,
    TMPDIR: home,
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    XDG_RUNTIME_DIR: runtime,
    DISPLAY: display,
    // No notification, portal or screen saver service may be asked for anything.
    DBUS_SESSION_BUS_ADDRESS: 'disabled:',
  };
  const ours = process.env['XAUTHORITY'] ?? path.join(homedir(), '.Xauthority');
  if (existsSync(ours)) {
    const key = path.join(home, 'xauthority');
    copyFileSync(ours, key);
    chmodSync(key, 0o600);
    user.give(key);
    env['XAUTHORITY'] = key;
  }
  return env;
}
