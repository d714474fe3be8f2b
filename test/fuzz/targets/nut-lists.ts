import assert from 'node:assert/strict';
import { LineSplitter, VariableList, type Variables } from '../../../drivers/ups/protocol.ts';
import { powerOf, statusOf } from '../../../drivers/ups/readings.ts';
import { inPieces } from '../pieces.ts';
import type { FuzzTarget } from '../target.ts';

/** What upsd answers about a UPS called `u`: the cuts change nothing, and no variable is heard of twice. */
export const target: FuzzTarget = {
  maxBytes: 1_200,
  fuzz(bytes) {
    const { whole, pieces } = inPieces(bytes);
    const splitter = new LineSplitter();
    const cut = pieces.map((piece) => splitter.push(piece));
    const atOnce = new LineSplitter().push(whole);
    assert.equal(
      cut.every(({ ok }) => ok),
      atOnce.ok,
    );
    if (!atOnce.ok) return;
    assert.deepEqual(
      cut.flatMap((lines) => (lines.ok ? lines.value : [])),
      atOnce.value,
    );
    const variables = listed(atOnce.value);
    if (variables === null) return;
    const { runtimeLeftS, chargePercent } = powerOf(variables);
    for (const figure of [runtimeLeftS, chargePercent]) {
      assert.ok(figure === null || (Number.isSafeInteger(figure) && figure >= 0));
    }
    assert.ok((chargePercent ?? 0) <= 100);
    assert.equal(statusOf(variables).state, 'online');
  },
};

/** The first whole list in these lines; null where there is none. */
function listed(lines: readonly string[]): Variables | null {
  const list = new VariableList('u');
  let taken = -1;
  for (const line of lines) {
    const end = list.take(line);
    if (end === null) taken += 1;
    else if (!end.ok) return null;
    else {
      assert.equal(end.value.size, taken);
      return end.value;
    }
  }
  return null;
}
