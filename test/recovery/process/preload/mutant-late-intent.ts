import { ChainedJournal } from '../../../../src/journal/chained-journal.ts';
import type { JournalEvent } from '../../../../src/journal/catalogue.ts';
import type { Append } from '../../../../src/journal/journal.ts';

const announces = (event: JournalEvent): boolean =>
  event.kind === 'attempt.stateEntered' && event.command !== undefined;

// MUTANT: the announcement of a movement is written together with what follows it, after the movement.
const append = Reflect.get(ChainedJournal.prototype, 'append');
let held: Append | null = null;
ChainedJournal.prototype.append = async function late(entry) {
  const before = held;
  const whole: Append =
    before === null
      ? entry
      : {
          ...entry,
          events: [...before.events, ...entry.events],
          also: (tx) => {
            before.also?.(tx);
            entry.also?.(tx);
          },
        };
  held = null;
  if (!entry.events.some(announces)) {
    return append.call(this, whole);
  }
  held = whole;
  return { firstSeq: 0, lastSeq: 0, head: null };
};
