import { readSync } from 'node:fs';
import type { SerialPort } from 'serialport';

/** What node-serialport has open on Linux: a descriptor that does not block, and who waits for it. */
type PolledPort = Extract<NonNullable<SerialPort['port']>, { readonly poller: unknown }>;

const canceled = (): Error => Object.assign(new Error('Port is not open'), { canceled: true });

/**
 * Gives an open port another way to read, before anything was read. Its own asks a thread for each read, also for
 * the one that finds nothing and for the one of which the poller has just said that it will find something: twice
 * as many wakings as there are bytes to wait for. Here what has come is read where it was told of, since a
 * read of a descriptor that does not block takes no longer than the telling. An end of the file, which its own
 * reads again for ever, is a line that is gone.
 */
export function readPromptly(port: PolledPort): void {
  port.read = (buffer, offset, length) => read(port, buffer, offset, length);
}

async function read(port: PolledPort, buffer: Buffer, offset: number, length: number) {
  for (;;) {
    // Also where more may be there already: a device that never falls silent would let nothing else have its turn.
    await readable(port);
    if (port.fd === null) throw canceled();
    const bytesRead = readNow(port.fd, buffer, offset, length);
    if (bytesRead !== null) return { buffer, bytesRead };
  }
}

/** Null where nothing has come yet. */
function readNow(fd: number, buffer: Buffer, offset: number, length: number): number | null {
  try {
    const bytesRead = readSync(fd, buffer, offset, length, null);
    if (bytesRead === 0) throw new Error('the line is at its end');
    return bytesRead;
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    if (NOTHING_YET.includes(code)) return null;
    throw cause;
  }
}

const NOTHING_YET = ['EAGAIN', 'EWOULDBLOCK', 'EINTR'];

const readable = ({ poller }: PolledPort): Promise<void> =>
  new Promise((resolve, reject) => {
    poller.once('readable', (error: Error | null) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
