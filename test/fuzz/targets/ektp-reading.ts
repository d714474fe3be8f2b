import assert from 'node:assert/strict';
import { readEKtp } from '../../../drivers/ektp/protocol.ts';
import type { FuzzTarget } from '../target.ts';

/** Two files of 8 KB in pieces of one byte, three commands a piece where it is enciphered, and some more. */
const MOST_STEPS = 4 * 8_192 + 100;
/** ISO/IEC 7816-4: a short command is a header, a length, 255 bytes and the length of the answer. */
const LONGEST_COMMAND = 261;

/**
 * The whole conversation with card and SAM, who answer what stands in the bytes, each answer after its length
 * in two, and nothing when they are used up. Ends with a reading or a rung of the ladder.
 */
export const target: FuzzTarget = {
  maxBytes: 4_000,
  fuzz(bytes) {
    const hasSam = ((bytes[0] ?? 0) & 1) === 1;
    const reading = readEKtp(hasSam ? Buffer.alloc(32) : null);
    let at = 1;
    let step = reading.next();
    for (let steps = 0; step.done !== true; steps += 1) {
      assert.ok(steps < MOST_STEPS, 'the conversation does not end');
      // What goes to the card under secure messaging is the SAM's making, of whatever length.
      assert.ok(hasSam || step.value.apdu.length <= LONGEST_COMMAND);
      const length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) % 300 : 0;
      const answer = bytes.subarray(at + 2, at + 2 + length);
      at += 2 + length;
      step = reading.next(answer);
    }
    const result = step.value;
    if (!result.ok) return;
    assert.equal(result.value.biodata === null, !hasSam);
    assert.match(result.value.uidHex, /^([0-9A-F]{2}){4,8}$/);
    assert.equal(Buffer.from(result.value.photoJpeg).readUInt16BE(0), 0xffd8);
  },
};
