import { statSync } from 'node:fs';
import type { SerialPort } from 'serialport';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { OpenDevice } from '../contract/kept-open.ts';
import { readPromptly } from './prompt-reads.ts';

export interface LineHandlers {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** The device went away by itself; not called after `close`. */
  readonly onGone: () => void;
}

export interface SerialLine extends OpenDevice {
  /**
   * Completes when the kernel took all of it, which is not yet when the device has it. `gone` where it did not
   * take it and never will. While the device holds up the line by flow control it completes with neither.
   */
  write(bytes: Uint8Array): Promise<Result<void, 'gone'>>;
}

export interface LineError {
  readonly kind: 'absent' | 'inUse' | 'refused';
}

/** How the device says that it takes no more for now; a USB device does so by itself. */
export type FlowControl = 'none' | 'rtsCts' | 'xonXoff';

/** Opens a serial device. Bytes that waited from before are thrown away: they answer nothing that was asked. */
export type OpenLine = (
  path: string,
  baudRate: number,
  handlers: LineHandlers,
) => Promise<Result<SerialLine, LineError>>;

export async function openSerialLine(
  path: string,
  baudRate: number,
  handlers: LineHandlers,
  flowControl: FlowControl = 'none',
): Promise<Result<SerialLine, LineError>> {
  // Loaded here, so that a terminal without a serial device needs none of its libraries.
  const { SerialPort } = await import('serialport');
  const rtscts = flowControl === 'rtsCts';
  const [xon, xoff] = [flowControl === 'xonXoff', flowControl === 'xonXoff'];
  const port = new SerialPort({ path, baudRate, rtscts, xon, xoff, autoOpen: false });
  const failure = await opened(port);
  if (failure !== null) return err(failure);
  await new Promise<void>((resolve) => port.flush(() => resolve()));
  if (port.port !== undefined && 'poller' in port.port) readPromptly(port.port);
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
    write: (bytes) =>
      new Promise((resolve) => {
        if (!port.isOpen) resolve(err('gone'));
        else
          port.write(Buffer.from(bytes), (error) =>
            resolve(isNone(error) ? ok(undefined) : err('gone')),
          );
      }),
    close: end,
  });
}

const isNone = (error: Error | null | undefined): boolean => error === null || error === undefined;

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
