import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { blankKindSchema } from '../../../src/domain/document.ts';
import { BlankStock } from '../../../src/issuance/blank-stock.ts';
import { dayBalance } from '../../../src/issuance/stock/day-balance.ts';
import type { JournalEvent } from '../../../src/journal/catalogue.ts';
import type { Append, Journal, JournalTransaction } from '../../../src/journal/journal.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { checkStates } from '../../../src/journal/projections/state-check.ts';
import { discard, openFixture } from '../../journal/fixture.ts';
import { StockModel, type Operation } from './stock-model.ts';

jest.setTimeout(120_000);

/** Memory where there is any: this is no test of the disk. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const kind = fc.constantFrom(...blankKindSchema.options);
const pick = fc.nat(50);
const operation: fc.Arbitrary<Operation | { readonly do: 'reopen' }> = fc.oneof(
  fc.record({ do: fc.constant('load' as const), kind, count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('loadReturned' as const) }),
  fc.record({ do: fc.constant('unload' as const), pick }),
  fc.record({
    do: fc.constant('issue' as const),
    pick,
    fate: fc.constantFrom('inTransport', 'issued', 'void', 'retracted', 'unresolved'),
  }),
  fc.record({ do: fc.constant('test' as const), kind }),
  fc.record({
    do: fc.constant('countAndCorrect' as const),
    kind,
    difference: fc.integer({ min: -2, max: 2 }),
  }),
  fc.record({ do: fc.constant('reopen' as const) }),
);
const operations = fc.array(operation, { minLength: 5, maxLength: 25 });

/** What is wrong in the commit of an event; the model knows nothing of it. */
type Fault = (tx: JournalTransaction, event: JournalEvent, seq: number) => void;

function faulty(journal: Journal, fault: Fault): Journal {
  const append = (entry: Append): ReturnType<Journal['append']> =>
    journal.append({
      ...entry,
      also: (tx) => {
        entry.events.forEach((event, index) => fault(tx, event, tx.seqs[index] ?? 0));
      },
    });
  return new Proxy(journal, {
    get: (target, key) =>
      key === 'append' ? append : (Reflect.get(target, key, target) as unknown),
  });
}

interface Checks {
  /** Promise 2 alone. */
  readonly balance: (stock: BlankStock) => void;
  /** Besides, that each figure is the clerk's. */
  readonly model: (stock: BlankStock, model: StockModel) => void;
}

const checks: Checks = {
  balance: (stock) => {
    const { loaded, corrected, counts, difference } = stock.balance();
    expect(difference).toBe(0);
    expect(loaded + corrected).toBe(Object.values(counts).reduce((sum, n) => sum + n, 0));
  },
  model: (stock, model) => {
    expect(stock.balance()).toMatchObject({
      loaded: model.loaded,
      corrected: model.corrected,
      counts: model.counts(),
    });
  },
};

async function play(
  sequence: readonly (Operation | { readonly do: 'reopen' })[],
  check: (stock: BlankStock, model: StockModel) => void,
  fault: Fault = () => undefined,
): Promise<void> {
  const clock = new FakeClock();
  const path = mkdtempSync(join(scratch, 'anjungan-stock-'));
  let fixture = openFixture(path, clock);
  try {
    const model = new StockModel();
    for (const one of sequence) {
      clock.advance(3 * 3_600_000);
      if (one.do === 'reopen') {
        fixture.folder.close();
        fixture = openFixture(path, clock);
      } else {
        await model.apply(faulty(fixture.journal, fault), one);
      }
      check(new BlankStock(fixture.journal, 'specimen'), model);
    }
    fixture.folder.close();
    fixture = openFixture(path, clock);
    check(new BlankStock(fixture.journal, 'specimen'), model);
  } finally {
    fixture.folder.close();
    discard(path);
  }
}

describe('the ledger of blanks under any sequence of what may happen to it', () => {
  it('gives every blank one fate after each step and after a restart', async () => {
    await fc.assert(
      fc.asyncProperty(operations, (sequence) =>
        play(sequence, (stock, model) => {
          checks.balance(stock);
          checks.model(stock, model);
        }),
      ),
      { numRuns: 40 },
    );
  });

  it('folds to the same states from its events alone, and its days add up', async () => {
    await fc.assert(
      fc.asyncProperty(operations, (sequence) =>
        play(sequence, ({ reader }) => {
          expect(checkStates(reader)).toBeNull();
          const days = [-1, 0, 1, 2, 3].map((day) => day * 86_400_000 + new FakeClock().now());
          for (const one of blankKindSchema.options) {
            let closed: number | null = null;
            for (const at of days) {
              const day = dayBalance(reader, { kind: one, at, timeZone: 'Asia/Jakarta' });
              expect(day.difference).toBe(0);
              if (closed !== null) expect(day.opening).toBe(closed);
              closed = day.closing;
            }
          }
        }),
      ),
      { numRuns: 8 },
    );
  });

  it.each<[string, Fault]>([
    [
      'an unloading that is not counted',
      ({ sql }, event, seq) => {
        if (event.kind !== 'blank.unloaded') return;
        sql.run("UPDATE blanks SET state = 'inFeeder' WHERE updated_seq = ?", seq);
      },
    ],
    [
      'a loading that forgets its last blank',
      ({ sql }, event, seq) => {
        if (event.kind !== 'blank.loaded') return;
        const last = 'DELETE FROM blanks WHERE loaded_seq = ? AND place_in_range = ?';
        sql.run(last, seq, event.count - 1);
      },
    ],
    [
      'a spoiled blank that leaves the ledger',
      ({ sql }, event, seq) => {
        if (event.kind !== 'blank.moved' || event.to !== 'void') return;
        sql.run('DELETE FROM blanks WHERE updated_seq = ?', seq);
      },
    ],
    [
      'a blank found at a count that is not entered',
      ({ sql }, event) => {
        if (event.kind !== 'blank.foundAtCount') return;
        sql.run('DELETE FROM blanks WHERE serial = ?', event.blank.serial);
      },
    ],
  ])('would not balance with %s', async (_, fault) => {
    const property = fc.asyncProperty(operations, (sequence) =>
      play(sequence, checks.balance, fault),
    );
    const run = await fc.check(property, { numRuns: 40, endOnFailure: true });
    expect(run.failed).toBe(true);
    expect(String(run.errorInstance)).toContain('toBe');
  });
});
