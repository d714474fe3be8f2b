import { newestTestCards, type TestCardRecord } from '../issuance/test-card/test-card-book.ts';
import type { TestCardEnd } from '../journal/events/test-card.ts';
import { BAD_NEWS, GOOD, type Report } from './output.ts';
import { readingStock, type StockFiles } from './stock-reports.ts';

const MOST = 20;

/** `anjungan stock test-cards`: the newest ones; bad news where the newest did not come out as ordered. */
export const stockTestCards = (files: StockFiles): Promise<Report> =>
  readingStock(files, (sql) => {
    const cards = newestTestCards(sql, MOST);
    const newest = cards[0];
    const lines = cards.length === 0 ? ['No test card was ever ordered.'] : cards.flatMap(lineOf);
    const isGood = newest === undefined || newest.settled?.end === 'printed';
    return { json: { testCards: cards }, lines, exitStatus: isGood ? GOOD : BAD_NEWS };
  });

function lineOf({ ordered, orderedAt, settled }: TestCardRecord): string[] {
  const { testCardId, feeder } = ordered;
  const head = `${testCardId}  ${new Date(orderedAt).toISOString()}  feeder ${feeder}`;
  if (settled === null) return [head, '  It is on its way.'];
  const fault = settled.faultCode === null ? '' : ` (${settled.faultCode})`;
  const blank = settled.blank === null ? 'no blank of the ledger' : `blank ${settled.blank.serial}`;
  return [head, `  ${sentence[settled.end](blank, fault)}`];
}

const sentence: Readonly<Record<TestCardEnd, (blank: string, fault: string) => string>> = {
  printed: (blank) => `Printed on ${blank}; it lies in the reject bin.`,
  notPrinted: (_blank, fault) => `Not printed${fault}: no blank left its feeder.`,
  spoiled: (blank, fault) => `Not printed whole${fault}: ${blank} lies in the reject bin.`,
  unresolved: (blank, fault) =>
    `Nobody knows where ${blank} is${fault}: two people have to look. anjungan stock incidents says how.`,
};
