import assert from 'node:assert/strict';
import { JsonLineDecoder } from '../../../src/base/json-lines.ts';
import { inPieces } from '../pieces.ts';
import type { FuzzTarget } from '../target.ts';

const MAX_FRAME = 200;

/** Frames between processes: the cuts change nothing, and none is longer than allowed. */
export const target: FuzzTarget = {
  maxBytes: 600,
  fuzz(bytes) {
    const { whole, pieces } = inPieces(bytes);
    assert.deepEqual(decode(pieces), decode([whole]));
  },
};

function decode(pieces: readonly Buffer[]): readonly unknown[] | null {
  const decoder = new JsonLineDecoder(MAX_FRAME);
  const frames: unknown[] = [];
  for (const piece of pieces) {
    const more = decoder.push(piece);
    if (!more.ok) return null;
    frames.push(...more.value);
  }
  return frames;
}
