import { createHash } from 'node:crypto';
import * as z from 'zod';
import { BASE32_ALPHABET, newId } from '../../base/ids.ts';
import type { Clock } from '../../base/clock.ts';
import { digestOfJson } from '../../base/canonical-json.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CollectionCode } from '../../domain/collection-code.ts';
import { maskName } from '../../domain/masked-name.ts';
import type {
  CallOptions,
  Claim,
  ClaimantVerifier,
  RegistryTrouble,
  VerifyRefusal,
} from '../ports.ts';
import { stateOf } from './attempts.ts';
import { nonsense, readBody, type OsiaCaller } from './call.ts';
import type { RequestRecord } from './record.ts';
import { Tries } from './tries.ts';

const CLAIM_MS = 15 * 60_000;
/** Answers kept for whoever asks again under the same key. */
const MOST_KEYS = 100;

/**
 * The id of the credential request that a collection code is for: the code itself is a secret and travels in no
 * path. First 130 bits of SHA-256 over the code, base32 (RFC 4648).
 */
export function requestIdOf(code: CollectionCode): string {
  const digest = createHash('sha256').update(code).digest();
  return `req_${Array.from(digest.subarray(0, 26), (byte) => BASE32_ALPHABET.charAt(byte & 31)).join('')}`;
}

/** The attribute of a person that the print code of one request is compared with, and that nobody can read. */
export const printCodeAttribute = (requestId: string): string => `printCode.${requestId}`;

interface OpenClaim {
  readonly requestId: string;
  readonly expiresAt: number;
}

/** Claims live here and nowhere else: OSIA knows none. A restart ends them, as it ends the session. */
export class Claims implements ClaimantVerifier {
  readonly #call: OsiaCaller;
  readonly #record: RequestRecord;
  readonly #clock: Clock;
  readonly #tries: Tries;
  readonly #open = new Map<string, OpenClaim>();
  readonly #answered = new Map<
    string,
    { readonly asked: string; readonly answer: Promise<Awaited<ReturnType<Claims['verify']>>> }
  >();

  constructor(call: OsiaCaller, record: RequestRecord, clock: Clock) {
    this.#call = call;
    this.#record = record;
    this.#clock = clock;
    this.#tries = new Tries(clock);
  }

  /** The request this claim is for; null once it ended. */
  requestOf(claimToken: string): string | null {
    const claim = this.#open.get(claimToken);
    return claim !== undefined && this.#clock.now() < claim.expiresAt ? claim.requestId : null;
  }

  async verify(
    factors: Parameters<ClaimantVerifier['verify']>[0],
    { sessionId }: { readonly sessionId: string },
    options: CallOptions,
  ): Promise<Result<Claim, VerifyRefusal | RegistryTrouble>> {
    const { idempotencyKey: key } = options;
    if (key === undefined) return this.#verify(factors, sessionId, options);
    const asked = digestOfJson({ sessionId, ...factors });
    const known = this.#answered.get(key);
    if (known !== undefined) {
      return known.asked === asked ? known.answer : nonsense('key of another question');
    }
    const answer = this.#verify(factors, sessionId, options);
    this.#answered.set(key, { asked, answer });
    const [oldest] = this.#answered.keys();
    if (this.#answered.size > MOST_KEYS && oldest !== undefined) this.#answered.delete(oldest);
    const given = await answer;
    // Trouble is no answer: the same question may be asked again.
    if (!given.ok && isTrouble(given.error)) this.#answered.delete(key);
    return given;
  }

  endClaim(claimToken: string): Promise<Result<void, RegistryTrouble>> {
    this.#open.delete(claimToken);
    return Promise.resolve(ok(undefined));
  }

  async #verify(
    { presented, known }: Parameters<ClaimantVerifier['verify']>[0],
    sessionId: string,
    { deadlineMs, idempotencyKey }: CallOptions,
  ): Promise<Result<Claim, VerifyRefusal | RegistryTrouble>> {
    // OSIA lists no requests of a person: only who names the request itself can be served.
    if (presented.kind !== 'code' || known.kind !== 'printCode') {
      return err({ kind: 'factorsNotAccepted' });
    }
    const requestId = requestIdOf(presented.code);
    const wait = this.#tries.begin(sessionId, requestId);
    if (wait !== null) return err(wait);
    const end = this.#clock.monotonicMs() + deadlineMs;
    const onlyOnce = idempotencyKey === undefined;
    const read = await this.#record.read(requestId, sessionId, deadlineMs, onlyOnce);
    if (!read.ok) {
      return read.error.kind === 'noSuchRequest'
        ? err(this.#tries.failed(sessionId, requestId))
        : err(read.error);
    }
    const { request, ledger } = read.value;
    const answer = await this.#call(
      'verifyPersonAttributes',
      {
        id: request.personId,
        onlyOnce,
        body: [
          {
            attributeName: printCodeAttribute(requestId),
            operator: '=',
            value: known.printCode,
          },
        ],
      },
      end - this.#clock.monotonicMs(),
    );
    if (!answer.ok) return answer;
    if (answer.value.status === 404) return err(this.#tries.failed(sessionId, requestId));
    const isRight = readBody(answer.value, z.boolean());
    if (!isRight.ok) return isRight;
    if (!isRight.value) return err(this.#tries.failed(sessionId, requestId));
    this.#tries.passed(requestId);
    if (stateOf(ledger) === 'diserahkan') return err({ kind: 'codeUsed' });
    return ok(this.#claim(requestId, request.requestData.others.anjungan.claimantName));
  }

  #claim(requestId: string, name: string): Claim {
    const now = this.#clock.now();
    for (const [token, { expiresAt }] of this.#open) if (expiresAt <= now) this.#open.delete(token);
    const claimToken = newId('clm');
    const expiresAt = now + CLAIM_MS;
    this.#open.set(claimToken, { requestId, expiresAt });
    return { claimToken, claimantName: maskName(name), expiresAt };
  }
}

const isTrouble = ({ kind }: VerifyRefusal | RegistryTrouble): boolean =>
  kind === 'unreachable' || kind === 'noAnswer' || kind === 'nonsense';
