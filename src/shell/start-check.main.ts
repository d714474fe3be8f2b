/** What the shell is started with, as the process sees it. */
export interface StartFacts {
  /** Without the program's own path. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** null where the platform has none. */
  readonly uid: number | null;
}

export type StartRefusal =
  | { readonly kind: 'rootUser' }
  | { readonly kind: 'switchNotAllowed'; readonly name: string }
  | { readonly kind: 'variableNotAllowed'; readonly name: string }
  | { readonly kind: 'noSocketPath' };

/** sysexits.h EX_CONFIG: the service manager need not try again with the same command line. */
export const EXIT_CONFIGURATION = 78;

export const SOCKET_VARIABLE = 'ANJUNGAN_CITIZEN_SOCKET';

/**
 * What a cabinet may need to say. All else is refused, above all `--remote-debugging-port`, which opens
 * a door to the page that no fuse of Electron closes, `--inspect` and `--no-sandbox`.
 */
const ALLOWED_SWITCHES = ['--ozone-platform', '--disable-gpu', '--force-device-scale-factor'];

/** Each makes Node or Chromium load or open something before the shell has a word. */
const REFUSED_VARIABLES = ['NODE_OPTIONS', 'ELECTRON_DISABLE_SANDBOX', 'ELECTRON_RUN_AS_NODE'];

/** Why the shell must not start like this, or null. Pure. */
export function refusalOf({ args, env, uid }: StartFacts): StartRefusal | null {
  for (const arg of args) {
    if (!arg.startsWith('-')) continue;
    const name = arg.split('=', 1)[0] ?? arg;
    if (!ALLOWED_SWITCHES.includes(name)) return { kind: 'switchNotAllowed', name };
  }
  for (const name of REFUSED_VARIABLES)
    if ((env[name] ?? '') !== '') return { kind: 'variableNotAllowed', name };
  // Chromium's sandbox does not work for root, and root would reach every device and file.
  if (uid === 0) return { kind: 'rootUser' };
  if ((env[SOCKET_VARIABLE] ?? '') === '') return { kind: 'noSocketPath' };
  return null;
}
