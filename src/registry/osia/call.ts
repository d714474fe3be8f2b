import type * as z from 'zod';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { exchangeOnce, type RawAnswer } from '../http/exchange.ts';
import type { Line } from '../http/line.ts';
import { repeatWithin } from '../http/repeat.ts';
import { parseStrictJson } from '../http/strict-json.ts';
import type { RegistryTrouble } from '../ports.ts';
import type { Denial } from './denial.ts';
import { operations, type OperationName } from './operations.ts';
import type { TokenKeeper } from './token.ts';

/** A request with photo, fingers and print order. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** OSIA gives these no body that we would need. */
const SAID_BY_STATUS = new Set([204, 400, 401, 403, 404, 412]);

export interface OsiaCall {
  readonly id?: string;
  /** Names the transaction in the CMS's own record; data access takes none. */
  readonly transactionId?: string;
  readonly body?: unknown;
  /** Entity tag that must still be the record's (RFC 9110 section 13.1.1). */
  readonly ifMatch?: string;
  /** What somebody may count, or what may undo another's work, is not sent twice. */
  readonly onlyOnce?: boolean;
}

export interface OsiaAnswer {
  readonly status: 200 | 204 | 404 | 412;
  readonly etag: string | null;
  readonly body: Buffer;
}

export type OsiaCaller = (
  operation: OperationName,
  call: OsiaCall,
  deadlineMs: number,
) => Promise<Result<OsiaAnswer, RegistryTrouble>>;

/**
 * Carries out one operation of OSIA under a bearer token (RFC 6750). Every operation used here sets or reads and
 * none adds, so each is repeated inside its deadline unless the call says otherwise.
 */
export function createOsiaCaller(parts: {
  readonly lines: { readonly cms: Line; readonly dataAccess: Line };
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
  readonly onDenied: (denial: Denial) => void;
  readonly onDate: (wallMs: number) => void;
}): OsiaCaller {
  const { tokens, clock, onDenied } = parts;
  const denied = (denial: Denial) => {
    onDenied(denial);
    return nonsense(denial.kind);
  };

  const once = async (
    name: OperationName,
    call: OsiaCall,
    leftMs: number,
  ): Promise<Result<RawAnswer, RegistryTrouble>> => {
    const begunAt = clock.monotonicMs();
    // A token may have been taken back before its time: then another is fetched, once.
    for (let fresh = false; ; fresh = true) {
      const left = leftMs - (clock.monotonicMs() - begunAt);
      const got = await tokens.token(left);
      if (!got.ok) return got.error.kind === 'denied' ? denied(got.error.denial) : err(got.error);
      const answer = await exchangeOnce(
        parts.lines[operations[name].at],
        {
          ...exchangeOf(name, call, got.value),
          deadlineMs: leftMs - (clock.monotonicMs() - begunAt),
          onDate: parts.onDate,
        },
        clock,
      );
      if (!answer.ok || answer.value.status !== 401) return answer;
      tokens.drop(got.value);
      if (fresh) return denied({ kind: 'tokenNotAccepted', operation: name });
    }
  };

  return (name, call, deadlineMs) =>
    repeatWithin(clock, deadlineMs, call.onlyOnce !== true, async (leftMs) => {
      const answer = await once(name, call, leftMs);
      if (!answer.ok) return answer;
      const { status, etag, body } = answer.value;
      if (status >= 500 || status === 429) return err({ kind: 'noAnswer' });
      if (status === 403) {
        return denied({
          kind: 'operationForbidden',
          operation: name,
          scope: operations[name].scope,
        });
      }
      if (status === 200 || status === 204 || status === 404 || status === 412) {
        return ok({ status, etag, body });
      }
      return nonsense(`status ${status}`);
    });
}

function exchangeOf(name: OperationName, call: OsiaCall, token: string) {
  const { method, path } = operations[name];
  const filled = path.replace('{id}', encodeURIComponent(call.id ?? ''));
  const query =
    call.transactionId === undefined
      ? ''
      : `?${new URLSearchParams({ transactionId: call.transactionId }).toString()}`;
  return {
    method,
    path: `${filled}${query}`,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.ifMatch === undefined ? {} : { 'if-match': call.ifMatch }),
    },
    body: call.body === undefined ? null : JSON.stringify(call.body),
    maxAnswerBytes: MAX_ANSWER_BYTES,
    saidByStatus: SAID_BY_STATUS,
  };
}

/** What a 200 says, by its schema. */
export function readBody<S extends z.ZodType>(
  { status, body }: OsiaAnswer,
  schema: S,
): Result<z.output<S>, RegistryTrouble> {
  if (status !== 200) return nonsense(`status ${status}`);
  const json = parseStrictJson(body);
  if (!json.ok) return nonsense(json.error);
  const read = schema.safeParse(json.value);
  return read.success ? ok(read.data) : nonsense('answer of another shape');
}

export const nonsense = (detail: string) => err({ kind: 'nonsense' as const, detail });
