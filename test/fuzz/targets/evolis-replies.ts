import assert from 'node:assert/strict';
import {
  countOf,
  feedersOf,
  hear,
  nothingHeard,
  saysCardInside,
  saysRibbonGood,
  type Heard,
} from '../../../drivers/evolis-card-printer/protocol.ts';
import { identityOf } from '../../../drivers/usb/device-id.ts';
import { inPieces } from '../pieces.ts';
import type { FuzzTarget } from '../target.ts';

/** Answers and device id of the card printer: the cuts change nothing, and nothing is read into nonsense. */
export const target: FuzzTarget = {
  maxBytes: 400,
  fuzz(bytes) {
    const { whole, pieces } = inPieces(bytes);
    const text = whole.toString('latin1');
    const { maker, model } = identityOf(text);
    for (const name of [maker, model]) assert.ok(name === null || text.includes(name));

    let heard: Heard | null = nothingHeard;
    for (const piece of pieces) {
      const more = hear(heard, piece);
      heard = more.ok ? more.value : null;
      if (heard === null) break;
    }
    const atOnce = hear(nothingHeard, whole);
    assert.deepEqual(heard, atOnce.ok ? atOnce.value : null);
    if (heard === null) return;
    assert.match(heard.text, /^[ -~]{0,128}$/);
    const count = countOf(heard.text);
    assert.ok(count === null || (Number.isSafeInteger(count) && count >= 0));
    assert.ok((feedersOf(heard.text)?.size ?? 0) <= 2);
    // One answer never says two things.
    if (saysCardInside(heard.text) !== null) assert.equal(saysRibbonGood(heard.text), null);
  },
};
