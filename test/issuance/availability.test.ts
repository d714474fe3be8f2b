import { expect, it } from '@jest/globals';
import type { PagePrinterStatus } from '../../drivers/contract/page-printer.ts';
import { availabilityOf } from '../../src/issuance/availability.ts';

const printer: PagePrinterStatus = {
  state: 'online',
  reasons: [],
  requiredAction: 'none',
  trays: [],
  toner: 'full',
};
const stopped = (...reasons: string[]): PagePrinterStatus => ({
  ...printer,
  state: 'hardwareError',
  reasons,
});
const main = (level: 'full' | 'out') => ({ name: 'main', level });

it.each<[string, PagePrinterStatus | null, string | null]>([
  ['that is not there', null, 'printerInMaintenance'],
  ['that lists no tray', printer, null],
  ['that lists no tray and says that it is out of paper', stopped('mediaEmpty'), 'paperOut'],
  ['that lists no tray and asks for paper', stopped('mediaNeeded'), 'paperOut'],
  [
    'with paper stuck in it and then none left',
    stopped('mediaJam', 'mediaEmpty'),
    'printerInMaintenance',
  ],
  ['whose trays are all empty', { ...printer, trays: [main('out')] }, 'paperOut'],
  ['with paper in one tray', { ...printer, trays: [main('out'), main('full')] }, null],
  ['that stands open', { ...stopped('coverOpen'), trays: [main('full')] }, 'printerInMaintenance'],
])('tells of a page printer %s why the KK cannot be printed', (_, pagePrinter, reason) => {
  const { kk } = availabilityOf(
    {
      cardPrinter: null,
      pagePrinter,
      cardPathBlocked: false,
      countersWentBack: false,
      registryDoubted: false,
      testCardUnderWay: false,
      testCardUnsettled: false,
      scarce: {},
      powerTooShortFor: new Set(),
      closedKinds: new Map(),
    },
    { remaining: () => 0 },
  );
  expect(kk).toEqual(reason === null ? { available: true } : { available: false, reason });
});
