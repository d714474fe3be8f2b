import assert from 'node:assert/strict';
import { answerBytes, parseAnswer, shortCommand } from '../../../drivers/ektp/apdu.ts';
import { parseCommand } from '../../../drivers/ektp/simulated-icc.ts';
import type { FuzzTarget } from '../target.ts';

/** APDUs both ways: what is read out of bytes makes the same bytes again, or nothing is read. */
export const target: FuzzTarget = {
  maxBytes: 300,
  fuzz(bytes) {
    const answer = parseAnswer(bytes);
    assert.equal(answer === null, bytes.length < 2);
    if (answer !== null) assert.deepEqual(Buffer.from(answerBytes(answer.sw, answer.data)), bytes);

    const command = parseCommand(bytes);
    if (command === null) return;
    const { cla, ins, p1p2, data, answerLength } = command;
    const again = shortCommand([cla, ins, p1p2 >> 8, p1p2 & 0xff], data, answerLength);
    assert.deepEqual(Buffer.from(again), bytes);
  },
};
