import type { CardPrinterStatus } from '../contract/card-printer.ts';
import type { CommonStatus, SupplyLevel } from '../contract/words.ts';
import { commonStatusOf, type PrinterAttributes } from '../ipp/printer-state.ts';
import { markerLevelOf, traysOf } from '../ipp/supplies.ts';
import type { ConfiguredFeeder } from './options.ts';

type Senses = Pick<CardPrinterStatus, 'media' | 'rejectBin' | 'counters'>;

/** Neither IPP nor CUPS has a word for where a card is, for a reject box, or for counts of cards. */
const SENSELESS: Senses = { media: 'unknown', rejectBin: 'unknown', counters: null };

/** The words of this class for what the same state is called of a printer of pages. */
const CARD_WORDS: ReadonlyMap<string, string> = new Map([
  ['mediaJam', 'mediaJammed'],
  ['mediaEmpty', 'feederEmpty'],
  ['mediaNeeded', 'feederEmpty'],
  ['mediaLow', 'feederLow'],
  ['tonerEmpty', 'ribbonOut'],
  ['tonerLow', 'ribbonLow'],
]);

/** What the printer says of itself, in the contract's words. */
export function statusOfCardPrinter(
  attributes: PrinterAttributes,
  feeders: readonly ConfiguredFeeder[],
): CardPrinterStatus {
  const common = commonStatusOf(attributes);
  return {
    ...common,
    reasons: [...new Set(common.reasons.map((reason) => CARD_WORDS.get(reason) ?? reason))],
    ...SENSELESS,
    feeders: feeders.map((feeder) => ({
      name: feeder.name,
      blankKind: feeder.blankKind,
      level: levelOf(feeder, attributes, common.reasons, feeders.length),
    })),
    ribbon: markerLevelOf(attributes, common.reasons),
  };
}

/** The status of a printer that gave no account of itself. */
export const statusOfSilent = (
  common: CommonStatus,
  feeders: readonly ConfiguredFeeder[],
): CardPrinterStatus => ({
  ...common,
  ...SENSELESS,
  feeders: feeders.map(({ name, blankKind }) => ({ name, blankKind, level: 'unknown' })),
  ribbon: 'unknown',
});

/** The hopper's own level where it is told, else what is said of all media, which names the only hopper. */
function levelOf(
  { source }: ConfiguredFeeder,
  attributes: PrinterAttributes,
  reasons: readonly string[],
  feeders: number,
): SupplyLevel {
  const trays = traysOf(attributes);
  const own = trays.find(({ name }) => name === source) ?? (feeders === 1 ? trays[0] : undefined);
  if (own !== undefined && own.level !== 'unknown') return own.level;
  if (feeders > 1) return 'unknown';
  if (reasons.includes('mediaEmpty') || reasons.includes('mediaNeeded')) return 'out';
  return reasons.includes('mediaLow') ? 'low' : 'unknown';
}
