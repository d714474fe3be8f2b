import assert from 'node:assert/strict';
import { ccidInterfacesIn } from '../../../drivers/ccid-card-reader/descriptors.ts';
import type { FuzzTarget } from '../target.ts';

/** Descriptors of a USB device: an interface that is taken for a reader has all that the driver goes by. */
export const target: FuzzTarget = {
  maxBytes: 400,
  fuzz(bytes) {
    for (const shape of ccidInterfacesIn(bytes)) {
      assert.ok(shape.packetBytes > 0 && shape.packetBytes <= 0x7ff);
      for (const endpoint of [shape.bulkIn, shape.bulkOut]) assert.ok(endpoint <= 15);
      assert.ok(shape.slots >= 1 && shape.slots <= 256);
      assert.ok(Number.isSafeInteger(shape.maxMessageBytes) && shape.maxMessageBytes >= 0);
      assert.ok(shape.interruptIn === null || shape.interruptIn.packetBytes > 0);
      assert.equal(new Set(shape.powerSelects).size, shape.powerSelects.length);
    }
  },
};
