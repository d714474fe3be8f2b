import { statSync } from 'node:fs';
import type { SerialPort } from 'serialport';
import { err, ok, type Result } from '../../src/base/result.ts';

export interface LineHandlers {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** The device went away by itself; not called after `close`. */
  readonly onGone: () => void;
}

export interface SerialLine {
  /** Sends bytes. What a line that is going away no longer takes is lost, and `onGone` tells. */
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

export interface LineError {
  readonly kind: 'absent' | 'inUse' | 'refused';
}

/** Opens a serial device. Bytes that waited from before are thrown away: they answer nothing that was asked. */
export type OpenLine = (
  path: string,
  baudRate: number,
  handlers: LineHandlers,
) => Promise<Result<SerialLine, LineError>>;

export const openSerialLine: OpenLine = async (path, baudRate, handlers) => {
  // Loaded here, so that a terminal without a serial device needs none of its libraries.
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  const failure = await opened(port);
  if (failure !== null) return err(failure);
  await new Promise<void>((resolve) => port.flush(() => resolve()));
  let over = false;
  const end = async (): Promise<void> => {
    over = true;
    clearInterval(watch);
    if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
  };
  const gone = (): void => {
    if (over) return;
    void end();
    handlers.onGone();
  };
  const ours = identityOf(path);
  const watch = setInterval(() => {
    if (identityOf(path) !== ours) gone();
  }, LOOK_MS);
  port.on('data', (bytes: Buffer) => handlers.onBytes(bytes));
  // Errors are followed by `close`, which tells all that matters.
  port.on('error', () => undefined);
  port.on('close', gone);
  return ok({
    write: (bytes) => {
      if (port.isOpen) port.write(bytes);
    },
    close: end,
  });
};

/**
 * How often the device is looked for under its name. A binding that finds an end of file, as it does where the
 * device was pulled out with bytes unread, reads on for ever and tells nobody.
 */
const LOOK_MS = 500;

/** Another device under the same name is another file. */
function identityOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}.${found.ino}`;
}

function opened(port: SerialPort): Promise<LineError | null> {
  return new Promise((resolve) => {
    port.open((error) => resolve(error === null ? null : { kind: kindOf(error.message) }));
  });
}

/** The bindings report the system's error as a sentence only. */
function kindOf(message: string): LineError['kind'] {
  if (/No such file|ENOENT|No such device/i.test(message)) return 'absent';
  return /cannot lock|busy/i.test(message) ? 'inUse' : 'refused';
}
