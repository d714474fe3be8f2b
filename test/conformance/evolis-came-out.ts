import type { SimulatedEvolisPrinter } from '../../drivers/evolis-card-printer/simulator.ts';
import type { CardOut } from './card-printer-suite.ts';

/** What lies at the exit of a simulated Evolis printer; black is the last panel of either side. */
export const evolisCameOut = ({ exit }: SimulatedEvolisPrinter): CardOut[] =>
  exit.map((card) => ({
    sides: (['front', 'back'] as const).flatMap((side) =>
      card[side].filter(({ panel }) => panel === 'k').map(() => side),
    ),
  }));
