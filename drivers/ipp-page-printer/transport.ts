import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import ipp from '@sealsystems/ipp';
import * as z from 'zod';
import { err, ok, type Result } from '../../src/base/result.ts';
import { isWellFramed } from './framing.ts';

/**
 * `unreachable`: no connection came about, so nothing was sent. `brokenOff`: the connection ended before
 * the answer. `timedOut`: no answer in time. `notIpp`: an answer that is not IPP. After the last three
 * the printer may have acted on the request.
 */
export type TransportError =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'brokenOff' }
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'notIpp' };

const attributesSchema = z.record(z.string(), z.unknown());

const responseSchema = z.object({
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

/** One IPP request over HTTP (RFC 8010 §4); a new connection each, so that no stale one is met. */
export class IppTransport {
  readonly #uri: string;
  readonly #url: URL;

  /** `uri` is `ipp://host[:631]/path` or `ipps://…`. */
  constructor(uri: string) {
    this.#uri = uri;
    this.#url = new URL(uri.replace(/^ipp/, 'http'));
    if (this.#url.port === '') this.#url.port = '631';
  }

  async send(
    message: IppRequest,
    timeoutMs: number,
    document: Uint8Array = new Uint8Array(),
  ): Promise<Result<IppResponse, TransportError>> {
    const head = ipp.serialize({
      version: '2.0',
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
    return body.ok ? parseResponse(body.value) : body;
  }

  #post(body: Buffer, timeoutMs: number): Promise<Result<Buffer, TransportError>> {
    return new Promise((resolve) => {
      let connected = false;
      const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(this.#url, {
        method: 'POST',
        agent: false,
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
        else resolve(err({ kind: error.name === 'AbortError' ? 'timedOut' : 'brokenOff' }));
      };
      request.on('error', fail);
      request.on('response', (response) => {
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

/** Reads the body of an answer (RFC 8010 §3). Never throws, and ends whatever the bytes. */
export function parseResponse(body: Buffer): Result<IppResponse, TransportError> {
  if (!isWellFramed(body)) return err({ kind: 'notIpp' });
  let message: unknown;
  try {
    message = ipp.parse(body);
  } catch {
    // The parser throws Error, RangeError or TypeError, by where the bytes stop making sense.
    return err({ kind: 'notIpp' });
  }
  const response = responseSchema.safeParse(message);
  return response.success ? ok(response.data) : err({ kind: 'notIpp' });
}
