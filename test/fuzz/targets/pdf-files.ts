import assert from 'node:assert/strict';
import { checkFile } from '../../../src/documents/signature/file/check-file.ts';
import { findSignedRange } from '../../../src/documents/signature/signed-range.ts';
import type { FuzzTarget } from '../target.ts';

/** A document before it is believed: the signed parts leave out nothing but the signature. */
export const target: FuzzTarget = {
  maxBytes: 1_500,
  fuzz(bytes) {
    checkFile(bytes);
    const range = findSignedRange(bytes);
    if (!range.ok) return;
    const { signed, contents } = range.value;
    const hole = bytes.length - signed[0].length - signed[1].length;
    assert.equal(hole, 2 * contents.length + 2);
  },
};
