import assert from 'node:assert/strict';
import { verifyCms } from '../../../src/documents/signature/cms.ts';
import { endOfDer } from '../../../src/documents/signature/der.ts';
import type { FuzzTarget } from '../target.ts';

/** The signature of a document, over bytes that nobody signed: read without harm, and never valid. */
export const target: FuzzTarget = {
  maxBytes: 2_500,
  fuzz(bytes) {
    const end = endOfDer(bytes);
    assert.ok(end === null || (end >= 2 && end <= bytes.length));
    const signed = [Buffer.from('nobody signed'), Buffer.from('this')] as const;
    const verdict = verifyCms({ signed, contents: new Uint8Array(bytes) });
    assert.equal(verdict.ok, false);
  },
};
