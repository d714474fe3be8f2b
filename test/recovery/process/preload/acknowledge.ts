import { openSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type { Result } from '../../../../src/base/result.ts';
import type { Append, AppendReceipt } from '../../../../src/journal/journal.ts';

// Marks in the shim's trace where core was told that its rows are on the disk: independent of what the
// disk was told. A file below the traced root, one line an acknowledged append.
const file = process.env['ANJ_ACKNOWLEDGED'];
if (isMainThread && file !== undefined) {
  // Not in a thread of core: it would load all of the journal for nothing.
  const { ChainedJournal } = await import('../../../../src/journal/chained-journal.ts');
  const lines = openSync(file, 'a');
  const append = Reflect.get(ChainedJournal.prototype, 'append');
  ChainedJournal.prototype.append = async function acknowledged(entry) {
    const receipt = await append.call(this, entry);
    writeSync(lines, `${receipt.lastSeq}\n`);
    return receipt;
  };
  const appendPlanned = Reflect.get(ChainedJournal.prototype, 'appendPlanned');
  ChainedJournal.prototype.appendPlanned = async function acknowledged<E>(
    this: InstanceType<typeof ChainedJournal>,
    plan: () => Result<Append, E>,
  ) {
    const done = await Reflect.apply<typeof this, [typeof plan], Promise<Result<AppendReceipt, E>>>(
      appendPlanned,
      this,
      [plan],
    );
    if (done.ok) writeSync(lines, `${done.value.lastSeq}\n`);
    return done;
  };
}
