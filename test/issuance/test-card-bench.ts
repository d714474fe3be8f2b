import { newId } from '../../src/base/ids.ts';
import { ok } from '../../src/base/result.ts';
import type { BlankKind } from '../../src/domain/document.ts';
import { TestCards, type TestCardDeps } from '../../src/issuance/test-card/test-cards.ts';
import { testCardOf, type TestCardRecord } from '../../src/issuance/test-card/test-card-book.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { mortalJournal, type Bench, type Core } from './bench.ts';

const sheet = {
  side: 'front',
  widthDots: 1012,
  heightDots: 638,
  rgb: new Uint8Array(1012 * 638 * 3),
} as const;

/** The test cards of one run of core; what is on the sheet is the documents' business. */
export const testCardsOf = (
  bench: Bench,
  { journal, stock, life }: Core,
  changes: Partial<TestCardDeps> & { readonly altered?: (journal: Journal) => Journal } = {},
): TestCards => {
  const { altered, ...deps } = changes;
  return new TestCards({
    clock: bench.clock,
    journal: mortalJournal(altered === undefined ? journal : altered(journal), life),
    stock,
    printer: bench.cabinet.cardPrinter(life),
    compose: () => Promise.resolve(ok(sheet)),
    whyNot: () => null,
    limits: { deviceStartMs: 0 },
    ...deps,
  });
};

const kindOf: Readonly<Record<string, BlankKind>> = { ktp: 'ktpEl', kia: 'kia' };

/** What two people order; nothing has moved yet. */
export async function orderTestCard({ journal }: Core, feeder: 'ktp' | 'kia'): Promise<string> {
  const testCardId = newId('test');
  const blankKind = kindOf[feeder] ?? 'ktpEl';
  const by: [string, string] = [newId('per'), newId('per')];
  await journal.append({
    events: [{ kind: 'testCard.ordered', testCardId, feeder, blankKind, by }],
  });
  return testCardId;
}

/** Orders one and prints it. */
export async function printTestCard(
  bench: Bench,
  core: Core,
  feeder: 'ktp' | 'kia',
  changes: Parameters<typeof testCardsOf>[2] = {},
): Promise<TestCardRecord> {
  const id = await orderTestCard(core, feeder);
  await testCardsOf(bench, core, changes).print(id);
  const record = testCardOf(core.journal.reader, id);
  if (record === null) throw new Error('no such test card');
  return record;
}
