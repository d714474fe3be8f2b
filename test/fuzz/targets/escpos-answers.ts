import assert from 'node:assert/strict';
import { AnswerReader } from '../../../drivers/escpos-receipt-printer/answers.ts';
import { inPieces } from '../pieces.ts';
import type { FuzzTarget } from '../target.ts';

/** What a receipt printer says: the cuts change nothing, and a mark that comes back is made of what can be printed. */
export const target: FuzzTarget = {
  maxBytes: 200,
  fuzz(bytes) {
    const { whole, pieces } = inPieces(bytes);
    const reader = new AnswerReader();
    const answers = pieces.flatMap((piece) => reader.push(piece));
    assert.deepEqual(answers, new AnswerReader().push(whole));
    assert.ok(answers.length <= 2 * whole.length);
    for (const answer of answers) {
      if (answer.kind !== 'processId') continue;
      assert.match(answer.id, /^[ -~]{4}$/);
      // Flow control may stand between any two bytes of it.
      const bare = whole.filter((byte) => byte !== 0x11 && byte !== 0x13);
      assert.ok(Buffer.from(bare).includes(Buffer.from(`7"${answer.id}\0`, 'latin1')));
    }
  },
};
