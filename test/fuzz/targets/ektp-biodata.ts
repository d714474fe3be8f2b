import assert from 'node:assert/strict';
import { formatBiodata, parseBiodata } from '../../../drivers/ektp/biodata.ts';
import type { FuzzTarget } from '../target.ts';

/** The quoted text of EF 6FF1: what was read and is written again reads the same. */
export const target: FuzzTarget = {
  maxBytes: 2_000,
  fuzz(bytes) {
    const parsed = parseBiodata(bytes);
    if (!parsed.ok) return;
    const again = parseBiodata(Buffer.from(formatBiodata(parsed.value.biodata)));
    assert.deepEqual(again.ok && again.value.biodata, parsed.value.biodata);
    const quotes = bytes.filter((byte) => byte === 0x22).length;
    assert.ok(
      2 * (Object.keys(parsed.value.biodata).length + parsed.value.opaque.length) <= quotes,
    );
  },
};
