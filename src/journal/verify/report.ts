/** A person took note, in row `seq`, that rows after `lostAfter` and up to `lostThrough` are lost. */
export interface AcceptedLoss {
  readonly seq: number;
  readonly lostAfter: number;
  readonly lostThrough: number;
  /** Of the heads kept elsewhere that proved it, and of no other. */
  readonly heads: readonly string[];
}

/** Why the record does not hold. Each is found at a row, and for the signed kinds between two rows. */
export const breakReasons = [
  /** A number is left out, repeated or out of order. */
  'seqGap',
  /** Row and hash do not belong together: one of them was changed. */
  'hashMismatch',
  /** The chain fits itself but not the signed head: rows since the last good checkpoint were rewritten. */
  'checkpointMismatch',
  'checkpointSignature',
  /** Rows that the program never writes without a signature are not under one: checkpoints were removed. */
  'unsignedTail',
  /** A row under no signature is not the canonical form of an event: nobody here wrote it. */
  'bodyMalformed',
  /** A signed checkpoint covers rows that are not there: the tail was cut off. */
  'checkpointBeyondEnd',
  'anchorMismatch',
  'anchorSignature',
  /** A head kept elsewhere covers rows that are not there: the tail was cut off, checkpoints and all. */
  'anchorBeyondEnd',
  'otherTerminal',
  /** SQLite itself found the file damaged, or a table is not the one the program made. */
  'databaseDamaged',
  /** A table of states is not what the events say. */
  'stateMismatch',
  /** Sealed personal fields are not those that were sealed, or are gone though nobody erased them. */
  'vaultMismatch',
  /** A note of who decided, and why, is not the one whose hash the row beside it holds, or is gone. */
  'noteMismatch',
  /** A staff account bears another name or other roles than it was made with, or was made or closed by no event. */
  'accountMismatch',
] as const;
export type BreakReason = (typeof breakReasons)[number];

export interface Break {
  readonly reason: BreakReason;
  /** The first row that does not hold, or, where rows are missing at the end, the first missing one. */
  readonly seq: number;
  /** For signed kinds: the last row known to be good; the break lies after it and not after `seq`. */
  readonly lastGoodSeq: number;
  readonly detail: string;
}

/** Rows after `lostAfter` and up to `lostThrough` are lost, and a person took note of it in row `seq`. */
export type LossOnRecord = Pick<AcceptedLoss, 'seq' | 'lostAfter' | 'lostThrough'>;

export interface VerifyReport {
  readonly terminalId: string | null;
  readonly rows: number;
  readonly checkpoints: number;
  /** The newest row under a good signature; later rows are held by the chain alone. */
  readonly signedThrough: number;
  /** The newest row that a head kept elsewhere covers; null: unanchored, a cut-off tail would not show. */
  readonly anchoredThrough: number | null;
  /** What a person took note of, in rows under a good signature: where there is any, the record is not whole. */
  readonly losses: readonly LossOnRecord[];
  /** Anchors over those lost rows are no break; they hold nothing either. */
  readonly firstBreak: Break | null;
}
