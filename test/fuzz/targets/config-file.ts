import assert from 'node:assert/strict';
import { configErrorLines, parseConfig } from '../../../src/core/config/load.ts';
import type { FuzzTarget } from '../target.ts';

/** The configuration: whatever a technician's editor left there is taken or refused in sentences. */
export const target: FuzzTarget = {
  maxBytes: 2_500,
  packages: ['smol-toml/dist'],
  fuzz(bytes) {
    const loaded = parseConfig(bytes, 'anjungan.toml');
    if (loaded.ok) assert.equal(loaded.value.config.mode, 'specimen');
    else assert.ok(configErrorLines(loaded.error).every((line) => line !== ''));
  },
};
