import assert from 'node:assert/strict';
import { parseNotice, parseReply } from '../../../drivers/ccid-card-reader/protocol.ts';
import type { FuzzTarget } from '../target.ts';

const HEADER_BYTES = 10;

/** Messages of a CCID reader on its bulk and its interrupt pipe: what they say stands in them, and nothing more. */
export const target: FuzzTarget = {
  maxBytes: 300,
  fuzz(bytes) {
    const reply = parseReply(bytes);
    if (reply.ok) {
      const { data, slot, sequence } = reply.value;
      assert.equal(bytes.readUInt32LE(1), data.length);
      assert.ok(bytes.subarray(HEADER_BYTES).equals(data));
      assert.deepEqual([slot, sequence], [bytes[5], bytes[6]]);
    }
    const slots = 1 + ((bytes[0] ?? 0) % 16);
    const notice = parseNotice(bytes, slots);
    assert.ok(notice === null || notice === 'hardwareError' || notice.length === slots);
  },
};
