import assert from 'node:assert/strict';
import { bodyOfRow, readRowBody } from '../../../src/journal/chain/row-body.ts';
import type { FuzzTarget } from '../target.ts';

/** A row of the record: what is taken has one form in bytes, and these are they. */
export const target: FuzzTarget = {
  maxBytes: 600,
  fuzz(bytes) {
    const row = readRowBody(1, bytes);
    if (row === null) return;
    assert.deepEqual(Buffer.from(bodyOfRow(row.event, row)), bytes);
  },
};
