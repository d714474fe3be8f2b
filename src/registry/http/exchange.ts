import type { IncomingMessage } from 'node:http';
import type { Clock, TimerHandle } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { RegistryTrouble } from '../ports.ts';
import type { Line } from './line.ts';

/** A peer that stalls in the middle of an answer is given up after this long, whatever the deadline. */
const IDLE_MS = 5000;
/** A registry that does not answer the telephone is not reached, whatever the deadline. */
const CONNECT_MS = 5000;

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly maxAnswerBytes: number;
  /** Statuses whose answers say all by their number: whatever body comes is bounded and never read. */
  readonly saidByStatus?: ReadonlySet<number>;
  readonly deadlineMs: number;
  /** Told the time that the answer is dated with, in milliseconds since the Unix epoch. */
  readonly onDate?: (wallMs: number) => void;
}

export interface RawAnswer {
  readonly status: number;
  /** Entity tag (RFC 9110 section 8.8.3), as it came. */
  readonly etag: string | null;
  readonly body: Buffer;
}

/**
 * A refused handshake reaches a TLS 1.3 client only after it began to write: the server has read none of
 * it (RFC 8446 section 4.4.2.4 and 6.2), so these alerts still mean that nothing was sent.
 */
const HANDSHAKE_ALERTS = new Set([
  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
  'ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE',
]);

/** Sends one request once and collects one bounded answer. Never rejects. */
export function exchangeOnce(
  line: Line,
  exchange: Exchange,
  clock: Clock,
): Promise<Result<RawAnswer, RegistryTrouble>> {
  const request = line.begin(exchange.method, exchange.path, exchange.headers);
  if (request === null) return Promise.resolve(err({ kind: 'unreachable' }));
  const { promise, resolve } = Promise.withResolvers<Result<RawAnswer, RegistryTrouble>>();
  /** From when on the registry may have got it. */
  let begun = false;
  let settled = false;
  const timers = new Set<TimerHandle>();
  const settle = (result: Result<RawAnswer, RegistryTrouble>): void => {
    if (settled) return;
    settled = true;
    for (const timer of timers) timer.cancel();
    resolve(result);
    // One that still waits for a connection is thereby never written.
    if (!result.ok) request.destroy();
  };
  const giveUpAfter = (ms: number): TimerHandle => {
    const timer = clock.after(ms, () => settle(err(silence(begun))));
    const cancel = (): void => {
      timers.delete(timer);
      timer.cancel();
    };
    timers.add(timer);
    return { cancel };
  };
  giveUpAfter(exchange.deadlineMs);
  request.on('socket', (socket) => {
    begun = request.reusedSocket;
    if (begun) return;
    const patience = giveUpAfter(CONNECT_MS);
    socket.once('secureConnect', () => {
      patience.cancel();
      begun = true;
    });
  });
  request.on('error', (error) => settle(err(troubleOf(error, begun))));
  request.on('response', (response) => {
    const { statusCode = 0, headers } = response;
    const dated = Date.parse(headers.date ?? '');
    if (!Number.isNaN(dated)) exchange.onDate?.(dated);
    response.on('error', (error) => settle(err(troubleOf(error, begun))));
    collect(
      response,
      exchange,
      () => giveUpAfter(IDLE_MS),
      (read) =>
        settle(
          read.ok ? ok({ status: statusCode, etag: headers.etag ?? null, body: read.value }) : read,
        ),
    );
  });
  request.end(exchange.body ?? undefined);
  return promise;
}

/** Reads an answer to its end, or to what is wrong with it. `expectMore` starts the wait for the next bytes. */
function collect(
  response: IncomingMessage,
  { maxAnswerBytes, saidByStatus }: Exchange,
  expectMore: () => TimerHandle,
  done: (read: Result<Buffer, RegistryTrouble>) => void,
): void {
  const nonsense = (detail: string): void => done(err({ kind: 'nonsense', detail }));
  const fault = headerFault(response, maxAnswerBytes, saidByStatus);
  if (fault !== null) {
    nonsense(fault);
    return;
  }
  const chunks: Buffer[] = [];
  let received = 0;
  let waiting = expectMore();
  response.on('data', (chunk: Buffer) => {
    waiting.cancel();
    waiting = expectMore();
    received += chunk.length;
    if (received > maxAnswerBytes) nonsense('answer too long');
    else chunks.push(chunk);
  });
  response.on('end', () => done(ok(Buffer.concat(chunks))));
}

const silence = (begun: boolean): RegistryTrouble => ({ kind: begun ? 'noAnswer' : 'unreachable' });

function headerFault(
  { statusCode: status = 0, headers }: IncomingMessage,
  maxBytes: number,
  saidByStatus: Exchange['saidByStatus'],
): string | null {
  if (status >= 300 && status < 400) return 'redirect';
  if (status >= 500 || status === 429) return null;
  // Compressed answers are refused outright, so that no few bytes can inflate into many.
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return 'content-encoding';
  const type = headers['content-type'];
  const hasMeaning = saidByStatus?.has(status) !== true;
  if (hasMeaning && (type === undefined || !/^application\/json(;|$)/.test(type)))
    return 'content-type';
  return Number(headers['content-length'] ?? 0) > maxBytes ? 'answer too long' : null;
}

function troubleOf(error: Error, begun: boolean): RegistryTrouble {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!begun || HANDSHAKE_ALERTS.has(code)) return silence(false);
  // llhttp's own codes: what came is no HTTP.
  return code.startsWith('HPE_') ? { kind: 'nonsense', detail: 'not HTTP' } : silence(true);
}
