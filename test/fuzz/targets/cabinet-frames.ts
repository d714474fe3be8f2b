import assert from 'node:assert/strict';
import { encodeFrame, FrameReader } from '../../../drivers/cabinet-io/frame.ts';
import { controllerMessageOf } from '../../../drivers/cabinet-io/protocol.ts';
import { inPieces } from '../pieces.ts';
import type { FuzzTarget } from '../target.ts';

/** Frames of the cabinet's controller: the cuts change nothing, and what is heard stands in the bytes, checked. */
export const target: FuzzTarget = {
  maxBytes: 400,
  fuzz(bytes) {
    const { whole, pieces } = inPieces(bytes);
    const reader = new FrameReader();
    const events = pieces.flatMap((piece) => reader.push(piece));
    assert.deepEqual(events, new FrameReader().push(whole));
    for (const event of events) {
      if (event.kind !== 'frame') continue;
      assert.ok(whole.includes(Buffer.from(encodeFrame(event.body))));
      const message = controllerMessageOf(event.body);
      if (message?.kind !== 'state') continue;
      const letters = message.contacts.map(({ letter }) => letter);
      assert.equal(new Set(letters).size, letters.length);
      for (const { count, acknowledged } of message.contacts) {
        for (const number of [count, acknowledged]) assert.ok(number >= 0 && number <= 0xff);
      }
    }
  },
};
