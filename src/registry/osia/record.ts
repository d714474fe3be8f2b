import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { RegistryTrouble } from '../ports.ts';
import type { Decision, Ledger } from './attempts.ts';
import { nonsense, readBody, type OsiaCaller } from './call.ts';
import {
  credentialRequestSchema,
  credentialSchema,
  updateOf,
  type CredentialRequest,
} from './cms-record.ts';
import { profileOf, type Profile } from './profiles.ts';
import { written } from './states.ts';

/** How no two terminals print one request: see the README of this folder. */
export type Exclusivity = 'ifMatch' | 'preAssigned';

/** A credential request as it stood when it was read. */
export interface ReadRequest {
  readonly request: CredentialRequest;
  readonly profile: Profile;
  readonly ledger: Ledger;
  readonly etag: string | null;
}

export type Missing = { readonly kind: 'noSuchRequest' };

/** Enough for a crowd of terminals: each loss means that somebody else got on. */
const MOST_OVERTAKINGS = 25;
const MOST_UNANSWERED = 2;

/** Reads and changes credential requests and what hangs on them. */
export class RequestRecord {
  readonly #call: OsiaCaller;
  readonly #clock: Clock;
  readonly #exclusivity: Exclusivity;

  constructor(call: OsiaCaller, clock: Clock, exclusivity: Exclusivity) {
    this.#call = call;
    this.#clock = clock;
    this.#exclusivity = exclusivity;
  }

  /** A transaction named here is what the registry signs a print order for. */
  async read(
    requestId: string,
    transactionId: string,
    deadlineMs: number,
    onlyOnce = false,
  ): Promise<Result<ReadRequest, Missing | RegistryTrouble>> {
    const end = this.#clock.monotonicMs() + deadlineMs;
    const left = (): number => end - this.#clock.monotonicMs();
    const asked = { id: requestId, transactionId, onlyOnce };
    const answer = await this.#call('readCredentialRequest', asked, left());
    if (!answer.ok) return answer;
    if (answer.value.status === 404) return err({ kind: 'noSuchRequest' });
    const read = readBody(answer.value, credentialRequestSchema);
    if (!read.ok) return read;
    const request = read.value;
    if (request.credentialRequestId !== undefined && request.credentialRequestId !== requestId) {
      return nonsense('answer about another request');
    }
    const { etag } = answer.value;
    if (this.#exclusivity === 'ifMatch' && !isStrong(etag)) return nonsense('no entity tag');
    const profile = profileOf(request);
    if (profile === null) return nonsense('credential profile that nobody agreed on');
    const credentials: string[] = [];
    for (const id of request.credentialIds ?? []) {
      const credential = await this.#credential(id, transactionId, left());
      if (!credential.ok) return credential;
      credentials.push(credential.value);
    }
    const ledger: Ledger = {
      requestId,
      documentKind: profile.documentKind,
      status: request.status,
      credentials,
      attempts: request.requestData.others.anjungan.printAttempts,
    };
    return ok({ request, profile, ledger, etag });
  }

  /**
   * Reads, decides, and writes what was decided if nobody wrote meanwhile; else decides anew on what stands
   * there then. What was carried out without our hearing of it is thereby found done.
   */
  async change<T, E>(
    requestId: string,
    transactionId: string,
    deadlineMs: number,
    decide: (read: ReadRequest) => Decision<T, E>,
  ): Promise<Result<T, E | Missing | RegistryTrouble>> {
    const end = this.#clock.monotonicMs() + deadlineMs;
    const left = (): number => end - this.#clock.monotonicMs();
    let unanswered = 0;
    for (let overtaken = 0; overtaken < MOST_OVERTAKINGS; overtaken += 1) {
      const read = await this.read(requestId, transactionId, left());
      if (!read.ok) return read;
      const { write, answer } = decide(read.value);
      if (write === null) return answer;
      const { request, etag } = read.value;
      const status = write.state === null ? request.status : written[write.state].request;
      const body = updateOf(request, write.attempts, status);
      // Never sent again unread: without a tag it would undo what an officer wrote meanwhile.
      const call = { id: requestId, transactionId, body, onlyOnce: true };
      const put = await this.#call(
        'updateCredentialRequest',
        this.#exclusivity === 'ifMatch' && etag !== null ? { ...call, ifMatch: etag } : call,
        left(),
      );
      if (!put.ok) {
        unanswered += 1;
        if (put.error.kind !== 'noAnswer' || unanswered > MOST_UNANSWERED || left() <= 0)
          return put;
        continue;
      }
      if (put.value.status === 204) return answer;
      if (put.value.status === 404) return err({ kind: 'noSuchRequest' });
      if (put.value.status !== 412) return nonsense(`status ${put.value.status}`);
    }
    return err({ kind: 'noAnswer' });
  }

  /** Makes the new credentials of a request active; any other status is somebody's decision and stays. */
  async activate(
    requestId: string,
    transactionId: string,
    requester: string,
    deadlineMs: number,
  ): Promise<Result<void, Missing | RegistryTrouble>> {
    const end = this.#clock.monotonicMs() + deadlineMs;
    const left = (): number => end - this.#clock.monotonicMs();
    const read = await this.read(requestId, transactionId, left());
    if (!read.ok) return read;
    const { request, ledger } = read.value;
    const ids = request.credentialIds ?? [];
    if (ids.length === 0) return nonsense('issued without a credential');
    for (const [index, id] of ids.entries()) {
      if (ledger.credentials[index] !== 'NEW') continue;
      const body = { status: 'ACTIVE', reason: 'handed over', requester };
      const set = await this.#call('setCredentialStatus', { id, transactionId, body }, left());
      if (!set.ok) return set;
      if (set.value.status !== 204) return nonsense(`status ${set.value.status}`);
    }
    return ok(undefined);
  }

  async #credential(
    id: string,
    transactionId: string,
    deadlineMs: number,
  ): Promise<Result<string, RegistryTrouble>> {
    const answer = await this.#call('readCredential', { id, transactionId }, deadlineMs);
    if (!answer.ok) return answer;
    const read = readBody(answer.value, credentialSchema);
    if (!read.ok) return read;
    return read.value.credentialId === id ? ok(read.value.status) : nonsense('another credential');
  }
}

/** RFC 9110 section 13.1.1: `If-Match` compares strongly, so a weak tag would never match. */
const isStrong = (etag: string | null): boolean => etag !== null && /^"[^"]{1,200}"$/.test(etag);
