import { err, ok, type Result } from '../base/result.ts';
import type { StartupError } from './startup-error.ts';

const reasons = new Map([
  ['EADDRINUSE', 'taken'],
  ['EACCES', 'notAllowed'],
] as const);

/** Waits until a server listens; a port that it cannot have is a fault of the configuration, named by its key. */
export async function listening<T>(
  { key, port }: { readonly key: string; readonly port: number },
  server: Promise<T>,
): Promise<Result<T, Extract<StartupError, { kind: 'port' }>>> {
  try {
    return ok(await server);
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    const reason = [...reasons].find(([known]) => known === code)?.[1];
    if (syscall !== 'listen' || reason === undefined) throw cause;
    return err({ kind: 'port', key, port, reason });
  }
}
