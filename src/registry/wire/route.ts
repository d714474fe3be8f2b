import * as z from 'zod';

/**
 * How a call may be repeated: `safe` as it stands, because it only reads or because it names its own key
 * (an attempt, a token); `withKey` only under the same `idempotency-key` header.
 */
export type Repeat = 'safe' | 'withKey';

export interface RouteShape {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Parameters are written `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly query: z.ZodObject;
  readonly body: z.ZodType;
  readonly answer: z.ZodType;
  readonly refusal: z.ZodType;
  readonly repeat: Repeat;
  /** The claim travels in its own header, so that it stays out of access logs. */
  readonly needsClaim: boolean;
  readonly maxAnswerBytes: number;
}

export const KiB = 1024;
const defaults = {
  query: z.strictObject({}),
  body: z.undefined(),
  refusal: z.never(),
  needsClaim: false,
  maxAnswerBytes: 256 * KiB,
};

/** Fills in what most routes share and keeps the exact schema types of the rest. */
export function route<
  const T extends Partial<RouteShape> &
    Pick<RouteShape, 'method' | 'path' | 'summary' | 'answer' | 'repeat'>,
>(shape: T): Omit<typeof defaults, keyof T> & T {
  return { ...defaults, ...shape };
}

export const IDEMPOTENCY_HEADER = 'idempotency-key';
export const CLAIM_HEADER = 'anjungan-claim';

export const problemSchema = z.object({ problem: z.string().max(500) });
