import { errors, type Dispatcher } from 'undici';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { RegistryTrouble } from '../ports.ts';

/** A peer that stalls in the middle of an answer is given up after this long, whatever the deadline. */
const IDLE_MS = 5000;

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly maxAnswerBytes: number;
  readonly deadlineMs: number;
  /** Told the time that the answer is dated with, in milliseconds since the Unix epoch. */
  readonly onDate?: (wallMs: number) => void;
}

export interface RawAnswer {
  readonly status: number;
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
  dispatcher: Dispatcher,
  exchange: Exchange,
  clock: Clock,
): Promise<Result<RawAnswer, RegistryTrouble>> {
  const { promise, resolve } = Promise.withResolvers<Result<RawAnswer, RegistryTrouble>>();
  let controller: Dispatcher.DispatchController | null = null;
  let settled = false;
  const chunks: Buffer[] = [];
  let received = 0;
  let status = 0;

  const settle = (result: Result<RawAnswer, RegistryTrouble>): void => {
    if (settled) return;
    settled = true;
    timer.cancel();
    resolve(result);
    if (!result.ok) controller?.abort(new Error(result.error.kind));
  };
  const nonsense = (detail: string): void => settle(err({ kind: 'nonsense', detail }));
  const timer = clock.after(exchange.deadlineMs, () =>
    settle(err({ kind: controller === null ? 'unreachable' : 'noAnswer' })),
  );

  dispatcher.dispatch(
    {
      method: exchange.method,
      path: exchange.path,
      headers: exchange.headers,
      body: exchange.body,
      headersTimeout: 0,
      bodyTimeout: IDLE_MS,
    },
    {
      onRequestStart(started) {
        controller = started;
        // The deadline passed in the queue: aborting here keeps the request from being written.
        if (settled) started.abort(new Error('late'));
      },
      onResponseStart(_, statusCode, headers) {
        if (statusCode < 200) return;
        status = statusCode;
        const dated = Date.parse(String(headers['date']));
        if (!Number.isNaN(dated)) exchange.onDate?.(dated);
        const fault = headerFault(statusCode, headers, exchange.maxAnswerBytes);
        if (fault !== null) nonsense(fault);
      },
      onResponseData(_, chunk) {
        received += chunk.length;
        if (received > exchange.maxAnswerBytes) nonsense('answer too long');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        settle(ok({ status, body: Buffer.concat(chunks) }));
      },
      onResponseError(_, error) {
        settle(err(troubleOf(error, controller !== null)));
      },
    },
  );
  return promise;
}

function headerFault(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  maxBytes: number,
): string | null {
  if (status >= 300 && status < 400) return 'redirect';
  if (status >= 500 || status === 429) return null;
  // Compressed answers are refused outright, so that no few bytes can inflate into many.
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return 'content-encoding';
  const type = headers['content-type'];
  if (typeof type !== 'string' || !/^application\/json(;|$)/.test(type)) return 'content-type';
  return Number(headers['content-length'] ?? 0) > maxBytes ? 'answer too long' : null;
}

function troubleOf(error: Error, begun: boolean): RegistryTrouble {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!begun || HANDSHAKE_ALERTS.has(code)) return { kind: 'unreachable' };
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError) {
    return { kind: 'nonsense', detail: 'not HTTP' };
  }
  return { kind: 'noAnswer' };
}
