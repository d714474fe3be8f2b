import assert from 'node:assert/strict';
import { LineDecoder } from '../../../drivers/serial-code-scanner/protocol.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { inPieces } from '../pieces.ts';
import type { FuzzTarget } from '../target.ts';

/** Codes that end with CR: the cuts change nothing, and each is a whole line of the bytes. */
export const target: FuzzTarget = {
  maxBytes: 1_200,
  fuzz(bytes) {
    const { whole, pieces } = inPieces(bytes);
    const decoder = new LineDecoder(new FakeClock());
    const events = pieces.flatMap((piece) => decoder.push(piece));
    assert.deepEqual(events, new LineDecoder(new FakeClock()).push(whole));
    const lines = whole.toString('latin1').split('\r');
    for (const event of events) {
      if (event.kind !== 'code') continue;
      assert.match(event.payload, /^[ -~]{1,512}$/);
      assert.ok(lines.some((line) => line.replace(/^\n+/, '') === event.payload));
    }
  },
};
