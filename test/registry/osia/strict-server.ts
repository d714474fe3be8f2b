import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import { CompactSign, importJWK } from 'jose';
import * as z from 'zod';
import { newId } from '../../../src/base/ids.ts';
import type { CardFields } from '../../../src/domain/card-fields.ts';
import { cardContentDigest, photoDigest } from '../../../src/documents/order-digest.ts';
import { credentialRequestSchema } from '../../../src/registry/osia/cms-record.ts';
import type { PkiPaths } from '../../../src/registry/reference/pki.ts';
import type { Body, CmsStore } from './cms-store.ts';
import { Contract, type Operation } from './contract.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly etag?: string;
}

const statusSchema = z.looseObject({ status: z.string() });
const expressionsSchema = z.array(
  z.looseObject({ attributeName: z.string(), operator: z.literal('='), value: z.string() }),
);
const none = (status: number): Answer => ({ status, body: null });

/**
 * CMS, data access and token server in one, over mutual TLS. Every request and every answer is held against the
 * interface files; what breaks them is kept in `faults`, which a test looks at.
 */
export class StrictServer {
  readonly faults: string[] = [];
  /** Kept back from tokens, as a token server that was not told of them would. */
  withheld: readonly string[] = [];
  /** Whether it says which scopes it granted. */
  tellsScopes = true;
  /** Tokens that the rest of the registry never accepts. */
  makesBadTokens = false;
  tokenSeconds = 300;
  /** An operation whose next answer is lost after it was carried out. */
  losesAnswerTo: string | null = null;
  /** Operations carried out, in their order. */
  readonly carriedOut: string[] = [];
  tokensMade = 0;
  /** From now on work is done and never answered. */
  slow = false;
  /** What is printed of a request: the order is signed over it. */
  readonly fields = new Map<string, CardFields>();
  readonly #server: Server;
  readonly #store: CmsStore;
  readonly #cms = new Contract('cms.yaml');
  readonly #dataAccess = new Contract('dataaccess.yaml');
  readonly #tokens = new Map<string, { readonly client: string; readonly scopes: string[] }>();
  readonly #orderKey: string;

  private constructor(server: Server, store: CmsStore, orderKey: string) {
    this.#server = server;
    this.#store = store;
    this.#orderKey = orderKey;
  }

  static async start(pki: PkiPaths, store: CmsStore): Promise<StrictServer> {
    const server = createServer({
      key: readFileSync(pki.serverKey),
      cert: readFileSync(pki.serverCert),
      ca: readFileSync(pki.rootCert),
      requestCert: true,
      minVersion: 'TLSv1.3',
    });
    const strict = new StrictServer(server, store, readFileSync(pki.orderKey, 'utf8'));
    server.on('request', (request, response) => {
      strict.#serve(request, response).catch((error: unknown) => {
        strict.faults.push(String(error));
        response.destroy();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return strict;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `https://localhost:${address.port}`;
  }

  /** Tokens given out so far are accepted no more. */
  revokeTokens(): void {
    this.#tokens.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(z.instanceof(Buffer).parse(chunk));
    const body = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '', this.url);
    const {
      status,
      body: told,
      etag,
    } = url.pathname === '/oauth2/token'
      ? this.#token(request, body)
      : await this.#operation(request, url, body);
    if (this.slow) return;
    if (this.losesAnswerTo !== null && this.losesAnswerTo === this.carriedOut.at(-1)) {
      this.losesAnswerTo = null;
      response.destroy();
      return;
    }
    response.writeHead(status, {
      ...(told === null ? {} : { 'content-type': 'application/json' }),
      ...(etag === undefined ? {} : { etag }),
    });
    response.end(told === null ? undefined : JSON.stringify(told));
  }

  #token(request: IncomingMessage, body: string): Answer {
    const form = new URLSearchParams(body);
    const names = [...form.keys()].sort().join(' ');
    const isAsked =
      request.method === 'POST' &&
      request.headers['content-type'] === 'application/x-www-form-urlencoded' &&
      names === 'client_id grant_type scope' &&
      form.get('grant_type') === 'client_credentials';
    if (!isAsked) return this.#fault(`token: ${names}`);
    if (form.get('client_id') !== clientOf(request))
      return { status: 401, body: { error: 'invalid_client' } };
    const scopes = (form.get('scope') ?? '')
      .split(' ')
      .filter((one) => !this.withheld.includes(one));
    const token = newId('tok');
    this.tokensMade += 1;
    if (!this.makesBadTokens) this.#tokens.set(token, { client: clientOf(request), scopes });
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: this.tokenSeconds,
        ...(this.tellsScopes ? { scope: scopes.join(' ') } : {}),
      },
    };
  }

  async #operation(request: IncomingMessage, url: URL, body: string): Promise<Answer> {
    const method = request.method ?? '';
    const operation =
      this.#cms.find(method, url.pathname) ?? this.#dataAccess.find(method, url.pathname);
    if (operation === null) return this.#fault(`no such operation: ${method} ${url.pathname}`);
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const held = this.#tokens.get(token);
    if (held?.client !== clientOf(request)) return none(401);
    if (!operation.scopes.some((one) => held.scopes.includes(one))) {
      return this.#checked(operation, none(403));
    }
    const faults = operation.requestFaults(url.searchParams, body);
    if (faults.length > 0) return this.#fault(...faults);
    const transactionId = url.searchParams.get('transactionId') ?? '';
    const ifMatch = request.headers['if-match'];
    this.carriedOut.push(operation.id);
    const answer = await this.#carryOut(operation, transactionId, body, ifMatch);
    return this.#checked(operation, answer);
  }

  #fault(...faults: readonly string[]): Answer {
    this.faults.push(...faults);
    return { status: 400, body: { code: 1, message: 'the contract' } };
  }

  #checked(operation: Operation, answer: Answer): Answer {
    // Conditional requests (RFC 9110 section 13) are the one thing added to OSIA.
    const isAdded = answer.status === 412 && operation.id === 'updateCredentialRequest';
    if (!isAdded) this.faults.push(...operation.answerFaults(answer.status, answer.body));
    return answer;
  }

  async #carryOut(
    { id, params }: Operation,
    transactionId: string,
    body: string,
    ifMatch: string | undefined,
  ): Promise<Answer> {
    switch (id) {
      case 'readCredentialRequest': {
        const requestId = params['credentialRequestId'] ?? '';
        const read = this.#store.read(requestId);
        if (read === null) return none(404);
        const integrity = await this.#orders(requestId, read.request, transactionId);
        return { status: 200, body: { ...read.request, ...integrity }, etag: read.etag };
      }
      case 'updateCredentialRequest': {
        const requestId = params['credentialRequestId'] ?? '';
        const sent = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
        return none(this.#store.update(requestId, sent, ifMatch));
      }
      case 'readCredential': {
        const credential = this.#store.credentials.get(params['credentialId'] ?? '');
        return credential === undefined ? none(404) : { status: 200, body: credential };
      }
      case 'setCredentialStatus': {
        const credential = this.#store.credentials.get(params['credentialId'] ?? '');
        if (credential === undefined) return none(404);
        credential['status'] = statusSchema.parse(JSON.parse(body)).status;
        return none(204);
      }
      case 'findCredentialProfiles':
        return { status: 200, body: [] };
      case 'verifyPersonAttributes': {
        const known = this.#store.attributes.get(params['uin'] ?? '');
        if (known === undefined) return none(404);
        const asked = expressionsSchema.parse(JSON.parse(body));
        const isTrue = asked.every((one) => known.get(one.attributeName) === one.value);
        return { status: 200, body: isTrue };
      }
      default:
        return this.#fault(`nobody here carries out ${id}`);
    }
  }

  /** A print order for the attempt that is the transaction, once its record says that it prints. */
  async #orders(requestId: string, body: Body, transactionId: string): Promise<Body> {
    const read = credentialRequestSchema.safeParse(body);
    const fields = this.fields.get(requestId);
    if (!read.success || fields === undefined) return {};
    const { others } = read.data.requestData;
    const mine = others.anjungan.printAttempts.find(
      (one) => one.attemptId === transactionId && one.state === 'held' && one.printing,
    );
    if (mine === undefined) return {};
    const contentDigest = cardContentDigest(fields);
    const face = read.data.biometricData?.find((one) => one['biometricType'] === 'FACE')?.['image'];
    const order = {
      typ: 'anjungan.printOrder.1',
      mode: 'specimen',
      requestId,
      attemptId: mine.attemptId,
      terminalId: mine.terminalId,
      documentKind: fields.documentKind,
      blankKind: fields.documentKind,
      oldCard: others.anjungan.oldCard,
      contentDigest,
      photoDigest: typeof face === 'string' ? photoDigest(Buffer.from(face, 'base64')) : null,
      fingerprintsDigest: null,
      holderCheck: 'notRequired',
      pages: null,
      issuingOffice: read.data.requestData.issuingAuthority,
      expiresAt: Math.floor(Date.parse(mine.leaseExpiresAt) / 1000),
    };
    const key = await importJWK(
      z.looseObject({ kty: z.string() }).parse(JSON.parse(this.#orderKey)),
      'EdDSA',
    );
    const signature = await new CompactSign(new TextEncoder().encode(JSON.stringify(order)))
      .setProtectedHeader({ alg: 'EdDSA' })
      .sign(key);
    const block = {
      id: 'anjungan-print-order',
      type: 'JWS',
      scope: '$.biographicData $.biometricData',
      alg: 'SHA256',
      hash: contentDigest,
      signature,
    };
    return { integrity: [block] };
  }
}

function clientOf(request: IncomingMessage): string {
  const { socket } = request;
  if (!(socket instanceof TLSSocket)) return '';
  const { CN } = socket.getPeerCertificate().subject;
  return typeof CN === 'string' ? CN : '';
}
