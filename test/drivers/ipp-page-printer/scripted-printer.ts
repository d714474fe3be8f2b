import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import ipp from '@sealsystems/ipp';

/** What the printer does with one request: an IPP answer, other bytes, or nothing before it hangs up. */
export type ScriptedAnswer =
  | { readonly statusCode: string; readonly [group: string]: unknown }
  | { readonly bytes: Buffer }
  | 'hangUp';

const IDLE = { 'printer-state': 'idle', 'printer-state-reasons': 'none' };

/** A printer that answers as a test scripts it, by operation, and fails the test on any other operation. */
export class ScriptedPrinter {
  readonly asked: string[] = [];
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
      const { operation } = ipp.parse(Buffer.concat(chunks)) as { operation: string };
      printer.asked.push(operation);
      const time = printer.asked.filter((asked) => asked === operation).length;
      const answer = (script[operation] ?? unscripted)(time);
      if (answer === 'hangUp') request.socket.destroy();
      else response.end('bytes' in answer ? answer.bytes : ipp.serialize(withBasics(answer)));
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

export const healthy = () => ({ statusCode: 'successful-ok', 'printer-attributes-tag': IDLE });
export const fine = () => ({ statusCode: 'successful-ok' });

/** Unscripted questions are refused, which no test expects. */
const unscripted = () => ({ statusCode: 'server-error-operation-not-supported' });

const withBasics = (answer: Readonly<Record<string, unknown>>) => ({
  version: '2.0',
  'operation-attributes-tag': {
    'attributes-charset': 'utf-8',
    'attributes-natural-language': 'en',
  },
  ...answer,
});
