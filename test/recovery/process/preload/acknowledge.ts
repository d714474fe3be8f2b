import { openSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

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
}
