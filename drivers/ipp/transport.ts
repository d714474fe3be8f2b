import { randomInt } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import ipp from '@sealsystems/ipp';
import * as z from 'zod';
import { err, ok, type Result } from '../../src/base/result.ts';
import { frameOf } from './framing.ts';

/**
 * `unreachable`: no connection came about, so nothing was sent. `brokenOff`: the connection ended before
 * the whole answer. `timedOut`: the answer had not ended in time. `notIpp`: an answer that is not IPP, or
 * not the one to what was asked. After the last three the printer may have acted on the request.
 */
export type TransportError =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'brokenOff'; readonly answerBegun: boolean }
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'notIpp' };

const attributesSchema = z.record(z.string(), z.unknown());

const responseSchema = z.object({
  /** A code that the library has no name for is named by its class and number. */
  statusCode: z.string(),
  'operation-attributes-tag': attributesSchema.optional(),
  'printer-attributes-tag': attributesSchema.optional(),
  'job-attributes-tag': z.union([attributesSchema, z.array(attributesSchema)]).optional(),
});
export type IppResponse = z.infer<typeof responseSchema>;

export interface IppRequest {
  readonly operation: string;
  readonly operationAttributes: Readonly<Record<string, unknown>>;
  readonly jobAttributes?: Readonly<Record<string, unknown>>;
}

/** More than any printer's full description; less than would hurt. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
/** RFC 8011 §4.1.2: 1 to 2³¹ − 1. */
const MAX_REQUEST_ID = 2 ** 31 - 1;

/** One IPP request over HTTP (RFC 8010 §4); a new connection each, so that no stale one is met. */
export class IppTransport {
  readonly #uri: string;
  readonly #socketPath: string | null;
  readonly #url: URL;

  /**
   * `uri` is `ipp://host[:631]/path` or `ipps://…`. With `socketPath` the connection goes to that Unix
   * socket, as to a spooler of this machine, and the address only names the queue.
   */
  constructor(uri: string, socketPath: string | null = null) {
    this.#uri = uri;
    this.#socketPath = socketPath;
    this.#url = httpUrlOf(uri);
  }

  async send(
    message: IppRequest,
    timeoutMs: number,
    document: Uint8Array = new Uint8Array(),
  ): Promise<Result<IppResponse, TransportError>> {
    const id = randomInt(1, MAX_REQUEST_ID);
    const head = ipp.serialize({
      version: '2.0',
      id,
      operation: message.operation,
      // The first three in this order: RFC 8011 §4.1.4.
      'operation-attributes-tag': {
        'attributes-charset': 'utf-8',
        'attributes-natural-language': 'en',
        'printer-uri': this.#uri,
        ...message.operationAttributes,
      },
      ...(message.jobAttributes !== undefined && { 'job-attributes-tag': message.jobAttributes }),
    });
    const body = await this.#post(Buffer.concat([head, document]), timeoutMs);
    return body.ok ? parseResponse(body.value, id) : body;
  }

  #post(body: Buffer, timeoutMs: number): Promise<Result<Buffer, TransportError>> {
    return new Promise((resolve) => {
      let connected = false;
      let answerBegun = false;
      const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(this.#url, {
        method: 'POST',
        agent: false,
        ...(this.#socketPath !== null && { socketPath: this.#socketPath }),
        headers: { 'content-type': 'application/ipp', 'content-length': body.length },
        // Of the whole exchange, not of one idle moment.
        signal: AbortSignal.timeout(timeoutMs),
      });
      request.on('socket', (socket) => {
        socket.once(this.#url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          connected = true;
        });
      });
      const fail = (error: Error): void => {
        if (!connected) resolve(err({ kind: 'unreachable' }));
        else if (error.name === 'AbortError') resolve(err({ kind: 'timedOut' }));
        else resolve(err({ kind: 'brokenOff', answerBegun }));
      };
      request.on('error', fail);
      request.on('response', (response) => {
        answerBegun = true;
        const chunks: Buffer[] = [];
        let received = 0;
        response.on('error', fail);
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          received += chunk.length;
          if (received > MAX_RESPONSE_BYTES) {
            resolve(err({ kind: 'notIpp' }));
            request.destroy();
          }
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(ok(Buffer.concat(chunks)));
          else resolve(err({ kind: 'notIpp' }));
        });
      });
      request.end(body);
    });
  }
}

/** Reads the body of the answer to that request (RFC 8010 §3). Never throws, and ends whatever the bytes. */
export function parseResponse(
  body: Buffer,
  requestId: number,
): Result<IppResponse, TransportError> {
  const frame = frameOf(body);
  if (frame?.requestId !== requestId) return err({ kind: 'notIpp' });
  let message: unknown;
  try {
    message = ipp.parse(body);
  } catch {
    // The parser throws Error, RangeError or TypeError where collections are nested wrongly or without end.
    return err({ kind: 'notIpp' });
  }
  const response = responseSchema.safeParse({
    ...(typeof message === 'object' ? message : {}),
    statusCode: nameOfStatus(message, frame.statusCode),
  });
  return response.success ? ok(response.data) : err({ kind: 'notIpp' });
}

const namedSchema = z.object({ statusCode: z.string() });

/** RFC 8011 appendix B.1: the high byte is the class, and a client takes a code that it does not know for its class. */
function nameOfStatus(message: unknown, code: number): string {
  const named = namedSchema.safeParse(message);
  if (named.success) return named.data.statusCode;
  const number = code.toString(16).padStart(4, '0');
  if (code <= 0x00ff) return `successful-ok-${number}`;
  if (code >= 0x0400 && code <= 0x04ff) return `client-error-${number}`;
  return `server-error-${number}`;
}

/**
 * The address in HTTP's words (RFC 3510 §4.3): `ipp` and `ipps` have a port of their own, 631. `http` and `https`
 * leave out their own port where it is named, so it is read before.
 */
export function httpUrlOf(uri: string): URL {
  const { port } = new URL(uri);
  const url = new URL(uri.replace(/^ipp/, 'http'));
  url.port = port === '' ? '631' : port;
  return url;
}
