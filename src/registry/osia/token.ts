import * as z from 'zod';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { exchangeOnce } from '../http/exchange.ts';
import type { Line } from '../http/line.ts';
import { parseStrictJson } from '../http/strict-json.ts';
import type { RegistryTrouble } from '../ports.ts';
import type { Denial } from './denial.ts';
import { scopes } from './operations.ts';

/** One fetch serves whoever waits meanwhile, so it has a patience of its own. */
const FETCH_MS = 8_000;
const MAX_ANSWER_BYTES = 16 * 1024;
/** A token is left unused for its last fifth, a minute at most, so that none expires on its way. */
const MARGIN_SHARE = 0.2;
const MARGIN_MS = 60_000;

/** RFC 6749 section 5.1, of which any other member is left alone. */
const tokenSchema = z.looseObject({
  access_token: z
    .string()
    .max(8192)
    .regex(/^[A-Za-z0-9._~+/-]+=*$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().int().min(1).max(86_400),
  scope: z.string().max(2000).optional(),
});

interface Kept {
  readonly token: string;
  readonly usableUntil: number;
}

export type TokenTrouble = RegistryTrouble | { readonly kind: 'denied'; readonly denial: Denial };

/**
 * Access tokens by client credentials (RFC 6749 section 4.4); the client is who its certificate says (RFC 8705
 * section 2.1.1), so no secret is kept. One fetch for however many callers, begun before the old one expires.
 */
export class TokenKeeper {
  readonly #line: Line;
  readonly #path: string;
  readonly #clientId: string;
  readonly #clock: Clock;
  #kept: Kept | null = null;
  #fetching: Promise<Result<Kept, TokenTrouble>> | null = null;

  constructor(parts: {
    readonly line: Line;
    readonly path: string;
    readonly clientId: string;
    readonly clock: Clock;
  }) {
    this.#line = parts.line;
    this.#path = parts.path;
    this.#clientId = parts.clientId;
    this.#clock = parts.clock;
  }

  /** Without a token nothing was sent to the registry itself: at the deadline that is `unreachable`. */
  async token(deadlineMs: number): Promise<Result<string, TokenTrouble>> {
    if (this.#kept !== null && this.#clock.monotonicMs() < this.#kept.usableUntil) {
      return ok(this.#kept.token);
    }
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    const got = await this.#atMost(deadlineMs, this.#fetching);
    return got.ok ? ok(got.value.token) : got;
  }

  /** The registry did not accept it: the next caller gets another. */
  drop(token: string): void {
    if (this.#kept?.token === token) this.#kept = null;
  }

  #atMost(
    deadlineMs: number,
    fetching: Promise<Result<Kept, TokenTrouble>>,
  ): Promise<Result<Kept, TokenTrouble>> {
    const { promise, resolve, reject } = Promise.withResolvers<Result<Kept, TokenTrouble>>();
    const timer = this.#clock.after(deadlineMs, () => resolve(err({ kind: 'unreachable' })));
    fetching.then(resolve, reject).finally(() => timer.cancel());
    return promise;
  }

  async #fetch(): Promise<Result<Kept, TokenTrouble>> {
    const askedAt = this.#clock.monotonicMs();
    const answer = await exchangeOnce(
      this.#line,
      {
        method: 'POST',
        path: this.#path,
        headers: {
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: this.#clientId,
          scope: scopes.join(' '),
        }).toString(),
        maxAnswerBytes: MAX_ANSWER_BYTES,
        saidByStatus: new Set([400, 401, 403]),
        deadlineMs: FETCH_MS,
      },
      this.#clock,
    );
    // A token that was made and got lost harms nobody: nothing reached the registry.
    if (!answer.ok) return answer.error.kind === 'nonsense' ? answer : err({ kind: 'unreachable' });
    const { status, body } = answer.value;
    if (status >= 500 || status === 429) return err({ kind: 'unreachable' });
    if (status === 400 || status === 401 || status === 403) {
      return denied({ kind: 'tokenNotIssued', status });
    }
    if (status !== 200) return err({ kind: 'nonsense', detail: `token: status ${status}` });
    const json = parseStrictJson(body);
    if (!json.ok) return err({ kind: 'nonsense', detail: `token: ${json.error}` });
    const read = tokenSchema.safeParse(json.value);
    if (!read.success) return err({ kind: 'nonsense', detail: 'token of another shape' });
    const { access_token: token, expires_in: seconds, scope } = read.data;
    const granted = scope?.split(' ');
    // Said nothing of, they are as asked for (RFC 6749 section 5.1).
    const missing = scopes.filter((one) => granted?.includes(one) === false);
    if (missing.length > 0) return denied({ kind: 'scopesNotGranted', missing });
    const lifeMs = seconds * 1000;
    const usableUntil = askedAt + lifeMs - Math.min(MARGIN_MS, lifeMs * MARGIN_SHARE);
    this.#kept = { token, usableUntil };
    return ok(this.#kept);
  }
}

const denied = (denial: Denial) => err({ kind: 'denied' as const, denial });
