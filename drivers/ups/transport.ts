import { connect } from 'node:net';
import type { Clock } from '../../src/base/clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { LineSplitter } from './protocol.ts';

export interface NutAddress {
  readonly host: string;
  readonly port: number;
}

export interface NutLineHandlers {
  readonly onLine: (line: string) => void;
  /** The connection ended by itself or by a line without end; not called after `close`. */
  readonly onGone: (why: 'closed' | 'lineTooLong') => void;
}

export interface NutLine {
  /** Sends one line. After the end of the connection it does nothing. */
  send(line: string): void;
  close(): void;
}

/** `refused`: nobody listens there. `unreachable`: every other way of not getting through, silence included. */
export interface NutLineError {
  readonly kind: 'refused' | 'unreachable';
}

export type OpenNutLine = (
  address: NutAddress,
  handlers: NutLineHandlers,
  clock: Clock,
) => Promise<Result<NutLine, NutLineError>>;

const CONNECT_MS = 2_000;

/**
 * Connects to upsd over plain TCP. STARTTLS is never asked for: upsd answers it in the same open line, so that
 * whoever sits between could refuse it unnoticed.
 */
export const openNutLine: OpenNutLine = (address, handlers, clock) =>
  new Promise((resolve) => {
    const socket = connect(address);
    const splitter = new LineSplitter();
    let over = false;
    const end = (): void => {
      over = true;
      limit.cancel();
      socket.destroy();
    };
    const gone = (why: 'closed' | 'lineTooLong'): void => {
      if (over) return;
      end();
      handlers.onGone(why);
    };
    const failed = (kind: NutLineError['kind']): void => {
      end();
      resolve(err({ kind }));
    };
    const limit = clock.after(CONNECT_MS, () => failed('unreachable'));
    const fails = (error: NodeJS.ErrnoException): void =>
      failed(error.code === 'ECONNREFUSED' ? 'refused' : 'unreachable');
    socket.once('error', fails);
    socket.once('connect', () => {
      limit.cancel();
      socket.off('error', fails);
      // An error is followed by `close`, which tells all that matters.
      socket.on('error', () => undefined);
      socket.on('close', () => gone('closed'));
      socket.on('data', (bytes) => {
        const lines = splitter.push(bytes);
        if (!lines.ok) {
          gone(lines.error);
          return;
        }
        for (const line of lines.value) if (!over) handlers.onLine(line);
      });
      resolve(
        ok({
          send: (line) => {
            if (!over) socket.write(`${line}\n`);
          },
          close: () => {
            if (over) return;
            over = true;
            socket.end();
            socket.destroySoon();
          },
        }),
      );
    });
  });
