import type { KeyObject } from 'node:crypto';
import type { JournalHead } from '../../registry/ports.ts';
import type { StoredCheckpoint } from '../chain/checkpoint-table.ts';
import { GENESIS_HASH, hashOfRow } from '../chain/hash.ts';
import { headIsSignedBy } from '../chain/head.ts';
import type { Break, BreakReason } from './report.ts';

/** A row as it is stored, unparsed; null where a value is not of the type the program writes. */
export type RawRow = readonly [seq: number, body: Uint8Array | null, hash: Uint8Array | null];

/** Where to begin: after row `seq` with hash `hash`, both taken on trust. */
export interface ChainStart {
  readonly seq: number;
  readonly hash: Uint8Array;
}

export const BEGINNING: ChainStart = { seq: 0, hash: GENESIS_HASH };

export interface ChainFindings {
  readonly lastSeq: number;
  readonly lastHash: Uint8Array;
  readonly signedThrough: number;
  readonly anchoredThrough: number | null;
  readonly firstBreak: Break | null;
}

interface Claim extends StoredCheckpoint {
  readonly source: 'checkpoint' | 'anchor';
}

/** A break that a person took note of, in a row that must come and be signed. */
interface PassedOver {
  readonly acceptedIn: number;
  readonly found: Break;
}

/**
 * Walks rows in order and holds each checkpoint and anchor against them. Stops at the first break, so
 * that what is reported is where the record ceases to be trustworthy. An anchor over rows that a person
 * took note of as lost is passed over, where a good signature covers that note.
 */
export function walkChain(input: {
  readonly rows: Iterable<RawRow>;
  readonly checkpoints: Iterable<StoredCheckpoint>;
  readonly anchors: readonly JournalHead[];
  readonly publicKey: KeyObject;
  readonly terminalId: string;
  readonly start?: ChainStart;
  /** Heads of lost rows, each with the row in which a person took note of it. */
  readonly headsOfLosses?: ReadonlyMap<string, number>;
}): ChainFindings {
  const start = input.start ?? BEGINNING;
  const claims = claimsInOrder(input.checkpoints, input.anchors);
  let next = 0;
  let { seq, hash } = start;
  let signedThrough = start.seq;
  let anchoredThrough: number | null = null;
  const passedOver: PassedOver[] = [];
  const end = (found: Break | null): ChainFindings => {
    const unexcused = passedOver.find(({ acceptedIn }) => acceptedIn > signedThrough);
    const firstBreak = unexcused?.found ?? found;
    return { lastSeq: seq, lastHash: hash, signedThrough, anchoredThrough, firstBreak };
  };
  const stop = (reason: BreakReason, at: number, lastGoodSeq: number, detail: string) =>
    end({ reason, seq: at, lastGoodSeq, detail });
  const lossOf = ({ source, head }: Claim): number | null =>
    source === 'anchor' ? (input.headsOfLosses?.get(head?.head ?? '') ?? null) : null;
  const passesOver = (claim: Claim, found: Break): boolean => {
    const acceptedIn = unborneReasons.has(found.reason) ? lossOf(claim) : null;
    if (acceptedIn !== null) passedOver.push({ acceptedIn, found });
    return acceptedIn !== null;
  };
  for (const [rowSeq, body, storedHash] of input.rows) {
    if (rowSeq !== seq + 1) {
      return stop('seqGap', seq + 1, seq, `row ${seq + 1} is not there; row ${rowSeq} follows`);
    }
    if (body === null || storedHash === null) {
      return stop('hashMismatch', rowSeq, seq, 'a value is not of the type the program writes');
    }
    if (!hashOfRow(hash, rowSeq, body).equals(storedHash)) {
      return stop('hashMismatch', rowSeq, seq, 'row and hash do not belong together');
    }
    seq = rowSeq;
    hash = storedHash;
    for (let claim = claims[next]; claim?.size === seq; claim = claims[++next]) {
      const fault = faultOfClaim(claim, hash, input);
      if (fault !== null) {
        const found = { ...fault, seq, lastGoodSeq: signedThrough };
        if (passesOver(claim, found)) continue;
        return end(found);
      }
      signedThrough = seq;
      if (claim.source === 'anchor') anchoredThrough = seq;
    }
  }
  for (const beyond of claims.slice(next)) {
    // Only a claim that is truly signed proves that rows were there.
    const fault = faultOfClaim(beyond, null, input);
    if (fault !== null) return stop(fault.reason, beyond.size, signedThrough, fault.detail);
    const reason = beyond.source === 'anchor' ? 'anchorBeyondEnd' : 'checkpointBeyondEnd';
    const newest = claims.findLast((claim) => lossOf(claim) === null) ?? beyond;
    const detail = `rows ${seq + 1} to ${newest.size} once were there`;
    const found = { reason, seq: seq + 1, lastGoodSeq: seq, detail } as const;
    if (!passesOver(beyond, found)) return end(found);
  }
  return end(null);
}

/** Found of anchors that are truly signed: rows under them are not here. */
const unborneReasons: ReadonlySet<BreakReason> = new Set(['anchorMismatch', 'anchorBeyondEnd']);

function claimsInOrder(
  checkpoints: Iterable<StoredCheckpoint>,
  anchors: readonly JournalHead[],
): Claim[] {
  const claims: Claim[] = [
    ...Array.from(checkpoints, (stored): Claim => ({ source: 'checkpoint', ...stored })),
    ...anchors.map((head): Claim => ({ source: 'anchor', size: head.size, head })),
  ];
  return claims.sort((a, b) => a.size - b.size);
}

/** Holds a claim against the hash of the row it names; null where that row is not there. */
function faultOfClaim(
  { source, size, head }: Claim,
  rowHash: Uint8Array | null,
  expected: { readonly publicKey: KeyObject; readonly terminalId: string },
): { readonly reason: BreakReason; readonly detail: string } | null {
  if (head === null || !headIsSignedBy(head, expected.publicKey)) {
    const reason = source === 'anchor' ? 'anchorSignature' : 'checkpointSignature';
    return { reason, detail: `the signature of the ${source} over ${size} rows is not good` };
  }
  if (head.terminalId !== expected.terminalId) {
    return { reason: 'otherTerminal', detail: `the ${source} is of terminal ${head.terminalId}` };
  }
  if (rowHash !== null && head.head !== Buffer.from(rowHash).toString('hex')) {
    const reason = source === 'anchor' ? 'anchorMismatch' : 'checkpointMismatch';
    return { reason, detail: `the chain fits itself, but not the signed ${source}` };
  }
  return null;
}
