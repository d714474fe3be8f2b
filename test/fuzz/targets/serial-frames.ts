import assert from 'node:assert/strict';
import { encodeFrame, FrameDecoder } from '../../../drivers/serial-code-scanner/protocol.ts';
import { inPieces } from '../pieces.ts';
import type { FuzzTarget } from '../target.ts';

/** Framed codes: the cuts change nothing, and what comes out stands in the bytes as a whole frame. */
export const target: FuzzTarget = {
  maxBytes: 1_200,
  fuzz(bytes) {
    const { whole, pieces } = inPieces(bytes);
    const decoder = new FrameDecoder();
    const events = pieces.flatMap((piece) => decoder.push(piece));
    assert.deepEqual(events, new FrameDecoder().push(whole));
    for (const event of events) {
      if (event.kind !== 'code') continue;
      assert.match(event.payload, /^[ -~]{1,512}$/);
      assert.ok(whole.includes(encodeFrame(event.payload)));
    }
  },
};
