import type * as z from 'zod';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CallOptions, RegistryTrouble } from '../ports.ts';
import { CLAIM_HEADER, IDEMPOTENCY_HEADER, type RouteShape } from '../wire/route.ts';
import { exchangeOnce, type Exchange, type RawAnswer } from './exchange.ts';
import type { Line } from './line.ts';
import { repeatWithin } from './repeat.ts';
import { parseStrictJson } from './strict-json.ts';

export interface CallContent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly claimToken?: string;
}

export type TypedRoute<A extends z.ZodType, R extends z.ZodType> = Omit<
  RouteShape,
  'answer' | 'refusal'
> & { readonly answer: A; readonly refusal: R };

/** Carries out one route of the contract, repeating it inside the deadline where that can do no harm. */
export type Caller = <A extends z.ZodType, R extends z.ZodType>(
  route: TypedRoute<A, R>,
  content: CallContent,
  options: CallOptions,
) => Promise<Result<z.output<A>, z.output<R> | RegistryTrouble>>;

export function createCaller(
  line: Line,
  clock: Clock,
  onDate: (wallMs: number) => void = () => undefined,
): Caller {
  return async (route, content, options) => {
    const harmless = route.repeat === 'safe' || options.idempotencyKey !== undefined;
    return repeatWithin(clock, options.deadlineMs, harmless, async (leftMs) => {
      const exchange = { ...exchangeOf(route, content, options, leftMs), onDate };
      const result = await exchangeOnce(line, exchange, clock);
      return result.ok ? readAnswer(route, result.value) : result;
    });
  };
}

function exchangeOf(
  route: Omit<RouteShape, 'answer' | 'refusal'>,
  content: CallContent,
  options: CallOptions,
  deadlineMs: number,
): Exchange {
  const filled = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(content.params?.[name] ?? ''),
  );
  const query = new URLSearchParams(content.query).toString();
  const body = content.body === undefined ? null : JSON.stringify(content.body);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== null) headers['content-type'] = 'application/json';
  if (content.claimToken !== undefined) headers[CLAIM_HEADER] = content.claimToken;
  if (options.idempotencyKey !== undefined) headers[IDEMPOTENCY_HEADER] = options.idempotencyKey;
  return {
    method: route.method,
    path: query === '' ? filled : `${filled}?${query}`,
    headers,
    body,
    maxAnswerBytes: route.maxAnswerBytes,
    deadlineMs,
  };
}

function readAnswer<A extends z.ZodType, R extends z.ZodType>(
  route: TypedRoute<A, R>,
  answer: RawAnswer,
): Result<z.output<A>, z.output<R> | RegistryTrouble> {
  if (answer.status >= 500 || answer.status === 429) return err({ kind: 'noAnswer' });
  if (answer.status !== 200 && answer.status !== 409) return nonsense(`status ${answer.status}`);
  const json = parseStrictJson(answer.body);
  if (!json.ok) return nonsense(json.error);
  if (answer.status === 409) {
    const refusal = route.refusal.safeParse(json.value);
    return refusal.success ? err(refusal.data) : nonsense('refusal of another shape');
  }
  const value = route.answer.safeParse(json.value);
  return value.success ? ok(value.data) : nonsense('answer of another shape');
}

const nonsense = (detail: string) => err({ kind: 'nonsense' as const, detail });
