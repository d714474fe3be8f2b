import type { KeyObject } from 'node:crypto';

export interface Verdict {
  /** `incomplete`: what is there holds, and rows of before are lost, as a person noted. */
  readonly verdict: 'valid' | 'incomplete' | 'broken' | 'cut';
  readonly rows: bigint;
  readonly signedThrough: bigint;
  readonly anchoredThrough: bigint | null;
  /** Row `seq` says that rows after `after` and up to `through` are lost. */
  readonly losses: readonly {
    readonly seq: bigint;
    readonly after: number;
    readonly through: number;
  }[];
  /** The row where the record ceases to hold; null where it holds. */
  readonly at: bigint | null;
  readonly reason: string | null;
}

export function verifyFile(path: string, key: KeyObject, anchors?: readonly object[]): Verdict;
