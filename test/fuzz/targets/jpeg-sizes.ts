import assert from 'node:assert/strict';
import { jpegSize } from '../../../src/documents/photo/jpeg-size.ts';
import type { FuzzTarget } from '../target.ts';

/** The frame header of a photo: sides that a card can have, or none. */
export const target: FuzzTarget = {
  maxBytes: 400,
  fuzz(bytes) {
    const size = jpegSize(bytes);
    if (!size.ok) return;
    const { width, height } = size.value;
    assert.ok([width, height].every((side) => side >= 1 && side <= 4_000));
  },
};
