import { profileNames } from '../../drivers/simulated-card-printer/profiles.ts';
import { capabilitiesOf, openSimulatedCardPrinter } from './card-printer-simulated.ts';
import { cardPrinterConformance } from './card-printer-suite.ts';

for (const profile of profileNames) {
  cardPrinterConformance(
    `the simulated card printer, profile ${profile},`,
    capabilitiesOf(profile),
    () => openSimulatedCardPrinter(profile),
  );
}
