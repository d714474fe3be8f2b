import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { Clock } from '../../../src/base/clock.ts';
import { parseCollectionCode, type CollectionCode } from '../../../src/domain/collection-code.ts';
import type { DocumentKind } from '../../../src/domain/document.ts';
import { parseNik, type Nik } from '../../../src/domain/nik.ts';
import type { OldCard, RequestReason } from '../../../src/domain/request.ts';
import { createHttpRegistry, type HttpRegistry } from '../../../src/registry/http/http-registry.ts';
import type { Faults } from '../../../src/registry/reference/fault-switches.ts';
import type { Standing } from '../../../src/registry/reference/people/person.ts';
import {
  createPki,
  terminalCertPath,
  terminalKeyPath,
  type PkiPaths,
} from '../../../src/registry/reference/pki.ts';
import type { RegistryPolicy } from '../../../src/registry/reference/policy.ts';
import {
  startReferenceRegistry,
  type RunningRegistry,
} from '../../../src/registry/reference/start.ts';

// Key pairs, argon2 and PDF signatures take their time on a busy machine; speed is not what is tested.
jest.setTimeout(60_000);

export interface BenchPerson {
  readonly personId: string;
  readonly nik: Nik;
  readonly kkNumber: string;
  readonly name: string;
  readonly ektpUid: string;
}

/** A request ready to print with everything its applicant holds. */
export interface ReadyRequest {
  readonly requestId: string;
  readonly subject: BenchPerson;
  readonly applicant: BenchPerson;
  readonly pin: string;
  readonly printCode: string;
  readonly code: CollectionCode;
}

export interface BenchOptions {
  readonly clock?: Clock;
  readonly policy?: RegistryPolicy;
}

/** One reference registry on free ports with its own folders, driven through its front and its sockets. */
export class RegistryBench {
  readonly running: RunningRegistry;
  readonly pki: PkiPaths;
  readonly dataDir: string;
  readonly #root: string;
  readonly #pkiDir: string;
  readonly #adapters: HttpRegistry[] = [];
  readonly #pins = new Map<string, string>();
  readonly #used = new Set<string>();

  private constructor(root: string, pki: PkiPaths, running: RunningRegistry) {
    this.#root = root;
    this.#pkiDir = join(root, 'pki');
    this.dataDir = join(root, 'data');
    this.pki = pki;
    this.running = running;
  }

  static async start(options: BenchOptions = {}): Promise<RegistryBench> {
    const root = mkdtempSync(join(tmpdir(), 'anjungan-registry-'));
    const pkiDir = join(root, 'pki');
    const pki = await createPki(pkiDir, []);
    const running = await startReferenceRegistry({
      dataDir: join(root, 'data'),
      pkiDir,
      port: 0,
      frontPort: 0,
      ...options,
    });
    return new RegistryBench(root, pki, running);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#adapters.map((adapter) => adapter.close()));
    await this.running.stop();
    rmSync(this.#root, { recursive: true });
  }

  /** The adapter as a terminal has it; `url` leads through something else where a test wants that. */
  async terminal(terminalId: string, url?: string): Promise<HttpRegistry> {
    const adapter = createHttpRegistry({
      baseUrl: url ?? this.running.terminalApiUrl,
      terminalId,
      ...(await this.credentials(terminalId)),
    });
    this.#adapters.push(adapter);
    return adapter;
  }

  async credentials(
    terminalId: string,
  ): Promise<{ caPem: string; clientCertPem: string; clientKeyPem: string }> {
    await createPki(this.#pkiDir, [terminalId]);
    return {
      caPem: readFileSync(this.pki.rootCert, 'utf8'),
      clientCertPem: readFileSync(terminalCertPath(this.#pkiDir, terminalId), 'utf8'),
      clientKeyPem: readFileSync(terminalKeyPath(this.#pkiDir, terminalId), 'utf8'),
    };
  }

  /** A JSON call to the front that must succeed. */
  async front<T>(path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.running.frontUrl}/front/api${path}`, {
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
    if (!response.ok) throw new Error(`front ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  setFaults(change: Partial<Faults>): Promise<Faults> {
    return this.front<Faults>('/switches', change);
  }

  /** Somebody who fits the query and was not handed out before. */
  async person(query: string): Promise<BenchPerson> {
    const { people } = await this.front<{ people: (BenchPerson & { standing: Standing })[] }>(
      `/people?limit=500&standing=ordinary&${query}`,
    );
    const found = people.find((person) => !this.#used.has(person.personId));
    if (found === undefined) throw new Error(`nobody left for ${query}`);
    this.#used.add(found.personId);
    return withParsedNik(found);
  }

  async ready(wish: {
    readonly documentKind: DocumentKind;
    readonly subject?: BenchPerson;
    readonly reason?: RequestReason;
    readonly oldCard?: OldCard;
  }): Promise<ReadyRequest> {
    const subject = wish.subject ?? (await this.person(USUAL[wish.documentKind]));
    const filed = await this.front<{ requestId: string; applicantNik: string }>('/applications', {
      nik: subject.nik,
      documentKind: wish.documentKind,
      reason: wish.reason ?? 'first',
      oldCard: wish.oldCard ?? null,
    });
    await this.front(`/applications/${filed.requestId}/approve`, {});
    return this.codesOf(filed.requestId, subject, filed.applicantNik);
  }

  async codesOf(
    requestId: string,
    subject: BenchPerson,
    applicantNik: string,
  ): Promise<ReadyRequest> {
    const { messages } = await this.front<{ messages: BenchMessage[] }>(
      `/messages?nik=${applicantNik}`,
    );
    for (const { pin } of messages) if (pin !== null) this.#pins.set(applicantNik, pin);
    const own = messages.filter((message) => message.requestId === requestId);
    const printCode = own.find((message) => message.printCode !== null)?.printCode ?? '';
    const code = parseCollectionCode(
      own.find((message) => message.collectionCode !== null)?.collectionCode ?? '',
    );
    if (!code.ok) throw new Error('no collection code was sent');
    const { people } = await this.front<{ people: BenchPerson[] }>(`/people?q=${applicantNik}`);
    const applicant = people[0];
    const pin = this.#pins.get(applicantNik);
    if (applicant === undefined || pin === undefined) throw new Error('no applicant with a PIN');
    return {
      requestId,
      subject,
      applicant: withParsedNik(applicant),
      pin,
      printCode,
      code: code.value,
    };
  }

  async stateOf(requestId: string): Promise<string> {
    return (await this.front<{ state: string }>(`/requests/${requestId}`)).state;
  }
}

interface BenchMessage {
  readonly requestId: string;
  readonly pin: string | null;
  readonly printCode: string | null;
  readonly collectionCode: string | null;
}

const USUAL: Readonly<Record<DocumentKind, string>> = {
  ktpEl: 'minAge=25&relationship=ISTRI',
  kia: 'minAge=6&maxAge=14&relationship=ANAK',
  kk: 'familySize=5&relationship=KEPALA%20KELUARGA&sex=L',
};

/** The front's JSON carries plain text; the brand is earned again here. */
function withParsedNik(person: BenchPerson): BenchPerson {
  const nik = parseNik(person.nik);
  if (!nik.ok) throw new Error('the registry holds something that is no NIK');
  return { ...person, nik: nik.value };
}

/** The wrong neighbour of a code: other digits, same form. */
export const otherDigits = (digits: string): string =>
  digits.replace(/./g, (digit) => String((Number(digit) + 1) % 10));
