import type { ClientRequest } from 'node:http';
import { Agent, request } from 'node:https';

/** Enough for a session, a report and a heartbeat side by side. */
const CONNECTIONS = 4;
/** An unused connection is closed after this long, before a registry would close it under a request. */
const UNUSED_MS = 10_000;

export interface LineOptions {
  /** `https://host:port`, nothing more. */
  readonly baseUrl: string;
  /** The one CA the registry's certificate may come from. */
  readonly caPem: string;
  readonly clientCertPem: string;
  readonly clientKeyPem: string;
}

/**
 * Connections to one registry, over TLS 1.3 alone (RFC 8446) and with a client certificate. Node's own
 * HTTP, because it keeps nothing of an answer: undici's parser runs in a memory of its own, in which the
 * last answers stay for as long as the process lives.
 */
export class Line {
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #open = new Set<ClientRequest>();
  #closed = false;

  constructor({ baseUrl, caPem, clientCertPem, clientKeyPem }: LineOptions) {
    this.#url = new URL(baseUrl);
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: CONNECTIONS,
      timeout: UNUSED_MS,
      ca: caPem,
      cert: clientCertPem,
      key: clientKeyPem,
      minVersion: 'TLSv1.3',
      rejectUnauthorized: true,
    });
  }

  /** A request that is not sent yet; null once the line is closed. */
  begin(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
  ): ClientRequest | null {
    if (this.#closed) return null;
    const { hostname, port } = this.#url;
    const begun = request({ agent: this.#agent, hostname, port, method, path, headers });
    this.#open.add(begun);
    begun.once('close', () => this.#open.delete(begun));
    return begun;
  }

  /** Ends unused and running connections; whoever waits for an answer hears of an error. */
  close(): void {
    this.#closed = true;
    for (const one of this.#open) one.destroy(new Error('the line was closed'));
    this.#agent.destroy();
  }
}
