/** EX_SOFTWARE of sysexits.h: core and host do not speak the same language. */
export const EXIT_BAD_FRAME = 70;
/** A driver threw. Core restarts the host and asks the devices what they hold. */
export const EXIT_DRIVER_THREW = 71;

export interface ExitPolicy {
  readonly log: (line: string) => void;
  readonly badFrame: (what: string) => never;
  readonly crashed: (error: unknown) => never;
  readonly finished: () => never;
}

/** Ends this process by exit code, and takes charge of errors that nobody handled. */
export function installExitPolicy(): ExitPolicy {
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const crashed = (error: unknown): never => {
    log(whereOf(error));
    return process.exit(EXIT_DRIVER_THREW);
  };
  process.on('uncaughtException', crashed);
  process.on('unhandledRejection', crashed);
  return {
    log,
    crashed,
    badFrame: (what) => {
      log(`core sent a bad frame: ${what}`);
      return process.exit(EXIT_BAD_FRAME);
    },
    finished: () => process.exit(0),
  };
}

/** Name, code and places of an error. Its message is left out: it may quote what a card or a scanner said. */
export function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return `threw a ${typeof error}`;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name}${code}`, ...frames].join('\n');
}
