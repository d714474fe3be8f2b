import type { CardPrinterStatus } from '../contract/card-printer.ts';
import type { SupplyLevel } from '../contract/words.ts';
import type { PrinterLink } from './link.ts';
import type { EvolisOptions } from './options.ts';
import { countOf, feedersOf, saysRibbonGood } from './protocol.ts';

/** What the printer tells of its ribbon. The count of cards left is inexact by the maker's own word. */
export async function ribbonLevel(
  link: PrinterLink,
  { ribbonLowBelow }: EvolisOptions,
): Promise<SupplyLevel> {
  const good = await link.ask('Rcr', []);
  if (!good.ok) return 'unknown';
  if (!saysRibbonGood(good.value)) return 'out';
  const reply = await link.ask('Rco', ['I']);
  const left = reply.ok ? countOf(reply.value) : null;
  if (left === null) return 'unknown';
  return left < ribbonLowBelow ? 'low' : 'full';
}

/** What it tells of its feeders, where it has sensors there. */
export async function feederLevels(
  link: PrinterLink,
  { feeders, feederSensors }: EvolisOptions,
): Promise<CardPrinterStatus['feeders']> {
  const asked = async (what: 'f' | 'w'): Promise<ReadonlySet<number> | null> => {
    if (!feederSensors) return null;
    const reply = await link.ask('Sk', [what]);
    return reply.ok ? feedersOf(reply.value) : null;
  };
  const [empty, low] = [await asked('f'), await asked('w')];
  const levelOf = (input: number): SupplyLevel => {
    if (empty === null || low === null) return 'unknown';
    if (empty.has(input)) return 'out';
    return low.has(input) ? 'low' : 'full';
  };
  return feeders.map(({ name, blankKind, input }) => ({ name, blankKind, level: levelOf(input) }));
}
