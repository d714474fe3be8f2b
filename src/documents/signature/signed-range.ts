import { err, ok, type Result } from '../../base/result.ts';
import type { SignatureError } from './signature-error.ts';

export interface SignedRange {
  /** The bytes before and after the signature: all of the file but the signature itself. */
  readonly signed: readonly [Uint8Array, Uint8Array];
  /** The CMS structure in DER, with the zeros that fill its place. */
  readonly contents: Uint8Array;
}

const BYTE_RANGE = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g;

/**
 * Finds the one signature of a PDF (ISO 32000-1, 12.8.1) and insists that it covers every byte but its own
 * `Contents` string. That alone defeats appended revisions, wrapped and moved ranges.
 */
export function findSignedRange(bytes: Uint8Array): Result<SignedRange, SignatureError> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const mentions = text.split('/ByteRange').length - 1;
  if (mentions === 0) return err({ kind: 'noSignature' });
  if (mentions > 1) return err({ kind: 'severalSignatures' });
  const match = [...text.matchAll(BYTE_RANGE)][0];
  if (match === undefined) return err({ kind: 'rangeIncomplete' });
  const [start = -1, before = -1, resume = -1, after = -1] = match.slice(1).map(Number);
  if (start !== 0 || resume <= before) return err({ kind: 'rangeIncomplete' });
  if (resume + after < bytes.length) return err({ kind: 'laterIncrement' });
  if (resume + after > bytes.length) return err({ kind: 'rangeIncomplete' });
  const gap = text.slice(before, resume);
  const lead = text.slice(Math.max(0, before - 40), before);
  if (!/^<(?:[0-9a-fA-F]{2})+>$/.test(gap) || !/\/Contents\s*$/.test(lead)) {
    return err({ kind: 'rangeIncomplete' });
  }
  const dictionary = objectAround(text, match.index);
  if (!dictionary.includes(gap)) return err({ kind: 'rangeIncomplete' });
  if (!/\/SubFilter\s*\/ETSI\.CAdES\.detached\b/.test(dictionary)) {
    return err({ kind: 'wrongSubFilter' });
  }
  return ok({
    signed: [bytes.subarray(0, before), bytes.subarray(resume)],
    contents: new Uint8Array(Buffer.from(gap.slice(1, -1), 'hex')),
  });
}

/** The indirect object that holds this place. */
function objectAround(text: string, at: number): string {
  const start = Math.max(0, text.lastIndexOf(' obj', at));
  const end = text.indexOf('endobj', at);
  return text.slice(start, end === -1 ? text.length : end);
}
