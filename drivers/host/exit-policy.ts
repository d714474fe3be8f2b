import { flushCompileCache } from 'node:module';
import { whereOf } from '../../src/base/where-of.ts';

/** EX_SOFTWARE of sysexits.h: core and host do not speak the same language. */
export const EXIT_BAD_FRAME = 70;
/** A driver threw. Core restarts the host and asks the devices what they hold. */
export const EXIT_DRIVER_THREW = 71;

export interface ExitPolicy {
  readonly log: (line: string) => void;
  readonly badFrame: (what: string) => never;
  readonly crashed: (error: unknown) => never;
  /** A driver threw as it was stopped, when core was gone already. */
  readonly stopThrew: (error: unknown) => never;
  readonly finished: () => never;
}

/**
 * Ends this process without asking any thread of a native module. `exit` would wait for them, and a card that
 * owes an answer holds one for ever: the next host would find the reader taken.
 */
function endAtOnce(): never {
  flushCompileCache();
  process.kill(process.pid, 'SIGKILL');
  // Nothing comes here; kill(2) has no type that says so.
  return process.exit(0);
}

/** Ends this process by exit code, or at once when its work is done, and takes charge of errors that nobody handled. */
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
    stopThrew: (error) => {
      log(whereOf(error));
      return endAtOnce();
    },
    finished: endAtOnce,
  };
}
