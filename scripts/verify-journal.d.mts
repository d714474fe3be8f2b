import type { KeyObject } from 'node:crypto';

export interface Verdict {
  readonly verdict: 'valid' | 'broken' | 'cut';
  readonly rows: bigint;
  readonly signedThrough: bigint;
  readonly anchoredThrough: bigint | null;
  /** The row where the record ceases to hold; null where it holds. */
  readonly at: bigint | null;
  readonly reason: string | null;
}

export function verifyFile(path: string, key: KeyObject, anchors?: readonly object[]): Verdict;
