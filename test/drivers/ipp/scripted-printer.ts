import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import ipp from '@sealsystems/ipp';

/** `announced` bytes are promised; it hangs up after those that it has. */
interface RawAnswer {
  readonly bytes: Buffer;
  readonly announced?: number;
}

/**
 * `foreign` are texts of the last group under names that the library would leave out, `unknown` names there
 * with the out-of-band value of that name (RFC 8010 §3.5.2).
 */
interface IppAnswer {
  readonly statusCode: string;
  readonly foreign?: Readonly<Record<string, string>>;
  readonly unknown?: readonly string[];
  readonly [group: string]: unknown;
}

/** What the printer does with one request: an IPP answer, other bytes, nothing before it hangs up, bytes without end. */
export type ScriptedAnswer = IppAnswer | RawAnswer | 'hangUp' | 'drip';

const isRaw = (answer: IppAnswer | RawAnswer): answer is RawAnswer => Buffer.isBuffer(answer.bytes);

const IDLE = { 'printer-state': 'idle', 'printer-state-reasons': 'none' };

/** A printer that answers as a test scripts it, by operation, and fails the test on any other operation. */
export class ScriptedPrinter {
  readonly asked: string[] = [];
  /** The name of the newest job that it was asked to print. */
  jobName: string | undefined;
  readonly uri: string;
  readonly #close: () => void;

  private constructor(port: number, close: () => void) {
    this.uri = `ipp://127.0.0.1:${port}/ipp/print`;
    this.#close = close;
  }

  static async open(
    script: Readonly<Record<string, (time: number) => ScriptedAnswer>>,
  ): Promise<ScriptedPrinter> {
    const server = createServer((request, response) => {
      void serve(request, response);
    });
    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { operation, id, ...groups } = ipp.parse(Buffer.concat(chunks)) as {
        operation: string;
        id: number;
        'operation-attributes-tag'?: { 'job-name'?: string };
      };
      if (operation === 'Print-Job') {
        printer.jobName = groups['operation-attributes-tag']?.['job-name'];
      }
      printer.asked.push(operation);
      const time = printer.asked.filter((asked) => asked === operation).length;
      const answer = (script[operation] ?? unscripted)(time);
      if (answer === 'hangUp') request.socket.destroy();
      else if (answer === 'drip') drip(response);
      else if (isRaw(answer)) sendRaw(response, answer);
      else response.end(withForeign(ipp.serialize({ id, ...withBasics(answer) }), answer));
    };
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const printer = new ScriptedPrinter((server.address() as AddressInfo).port, () => {
      server.close();
      server.closeAllConnections();
    });
    return printer;
  }

  close(): void {
    this.#close();
  }
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('x'), 100);
  response.on('close', () => clearInterval(timer));
}

function sendRaw(response: ServerResponse, { bytes, announced }: RawAnswer): void {
  if (announced === undefined) {
    response.end(bytes);
    return;
  }
  response.writeHead(200, { 'content-length': announced });
  response.write(bytes, () => response.destroy());
}

function withForeign(message: Buffer, { foreign = {}, unknown = [] }: IppAnswer): Buffer {
  const lengthed = (text: string): Buffer => {
    const bytes = Buffer.from(`\0\0${text}`);
    bytes.writeInt16BE(bytes.length - 2);
    return bytes;
  };
  const attributes = [
    ...Object.entries(foreign).map(([name, text]) => [0x41, name, text] as const),
    ...unknown.map((name) => [0x12, name, ''] as const),
  ].map(([tag, name, text]) => Buffer.concat([Buffer.from([tag]), lengthed(name), lengthed(text)]));
  return Buffer.concat([message.subarray(0, -1), ...attributes, message.subarray(-1)]);
}

export const healthy = () => ({ statusCode: 'successful-ok', 'printer-attributes-tag': IDLE });
export const fine = () => ({ statusCode: 'successful-ok' });

/** Unscripted questions are refused, which no test expects. */
const unscripted = (): ScriptedAnswer => ({ statusCode: 'server-error-operation-not-supported' });

const withBasics = (answer: Readonly<Record<string, unknown>>) => ({
  version: '2.0',
  'operation-attributes-tag': {
    'attributes-charset': 'utf-8',
    'attributes-natural-language': 'en',
  },
  ...answer,
});
