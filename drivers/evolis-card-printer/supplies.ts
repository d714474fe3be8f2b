import { ok, type Result } from '../../src/base/result.ts';
import type { CardPrinterStatus } from '../contract/card-printer.ts';
import type { SupplyLevel } from '../contract/words.ts';
import type { LinkFault, PrinterLink } from './link.ts';
import { STANDING_MS, type Ended } from './movements.ts';
import type { EvolisOptions } from './options.ts';
import { countOf, feedersOf, saysRibbonGood } from './protocol.ts';

/** What the printer tells of its ribbon. The count of cards left is inexact by the maker's own word. */
export async function ribbonLevel(
  link: PrinterLink,
  { ribbonLowBelow }: EvolisOptions,
): Promise<Result<SupplyLevel, LinkFault>> {
  const good = await link.ask(['Rcr'], saysRibbonGood);
  if (!good.ok) return good;
  if (!good.value) return ok('out');
  const left = await link.ask(['Rco', 'I'], countOf);
  return left.ok ? ok(left.value < ribbonLowBelow ? 'low' : 'full') : left;
}

/** What it tells of its feeders, where it has sensors there. */
export async function feederLevels(
  link: PrinterLink,
  { feeders, feederSensors }: EvolisOptions,
): Promise<Result<CardPrinterStatus['feeders'], LinkFault>> {
  if (!feederSensors) return ok(feeders.map(unknownLevel));
  const empty = await link.ask(['Sk', 'f'], feedersOf);
  if (!empty.ok) return empty;
  const low = await link.ask(['Sk', 'w'], feedersOf);
  if (!low.ok) return low;
  const levelOf = (input: number): SupplyLevel => {
    if (empty.value.has(input)) return 'out';
    return low.value.has(input) ? 'low' : 'full';
  };
  return ok(
    feeders.map(({ name, blankKind, input }) => ({ name, blankKind, level: levelOf(input) })),
  );
}

/** Of a port that says that something is at its end, and of which we saw no movement; null where none can tell. */
export async function endedOf(
  link: PrinterLink,
  { feeders, feederSensors }: EvolisOptions,
): Promise<Ended | null> {
  link.allow(STANDING_MS);
  const good = await link.ask(['Rcr'], saysRibbonGood);
  if (!good.ok) return null;
  if (!good.value) return 'ribbonOut';
  if (!feederSensors) return null;
  const empty = await link.ask(['Sk', 'f'], feedersOf);
  return empty.ok && feeders.some(({ input }) => empty.value.has(input)) ? 'feederEmpty' : null;
}

export const unknownLevel = ({ name, blankKind }: EvolisOptions['feeders'][number]) => ({
  name,
  blankKind,
  level: 'unknown' as const,
});
