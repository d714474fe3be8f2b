import assert from 'node:assert/strict';
import { parseCollectionCode } from '../../../src/domain/collection-code.ts';
import { maskNik, parseNik } from '../../../src/domain/nik.ts';
import type { FuzzTarget } from '../target.ts';

/** What a citizen scans or types: taken as it stands or not at all. */
export const target: FuzzTarget = {
  maxBytes: 80,
  fuzz(bytes) {
    const text = bytes.toString('latin1');
    const code = parseCollectionCode(text);
    if (code.ok) assert.match(code.value, /^ANJ1\.[A-Z2-7]{28}$/);
    const nik = parseNik(text);
    if (!nik.ok) return;
    assert.match(nik.value, /^\d{16}$/);
    assert.match(maskNik(nik.value), /^\d{6}\*{6}\d{4}$/);
  },
};
