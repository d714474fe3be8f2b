import { evolisRig, feeders } from '../drivers/evolis-card-printer/evolis-rig.ts';
import { cardPrinterConformance } from './card-printer-suite.ts';
import { evolisHands } from './evolis-hands.ts';

const machines = [
  { ribbon: 'ymckok', station: true },
  { ribbon: 'ymcko', station: false },
] as const;

for (const { ribbon, station } of machines) {
  const capabilities = {
    completedMeans: 'deviceReported' as const,
    exitSensor: false,
    retract: false,
    rejectBin: true,
    rejectCount: false,
    cardPosition: false,
    counters: false,
    flip: ribbon === 'ymckok',
    contactless: station,
    serialReader: false,
    feeders: feeders.map(({ name, blankKind }) => ({ name, blankKind })),
  };
  const name = `the Evolis driver on a simulated printer with ribbon ${ribbon}`;
  cardPrinterConformance(
    name,
    capabilities,
    async () => {
      const { driver, events, printer } = evolisRig({
        options: { ribbon },
        printer: { ribbon },
        station,
      });
      await driver.start();
      return { driver, events, ...evolisHands(printer), stop: () => driver.stop() };
    },
    { seesEmptyFeeder: true, oneJob: false, refusesBy: 'notReady' },
  );
}
