import { evolisRig, feeders, blanks } from '../drivers/evolis-card-printer/evolis-rig.ts';
import { cardPrinterConformance } from './card-printer-suite.ts';
import { evolisCameOut } from './evolis-came-out.ts';

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
      const inputOf = (feeder: string) => (feeder === 'kia' ? 2 : 1);
      return {
        driver,
        events,
        takeCardAtExit: () =>
          printer.exit.pop() === undefined
            ? Promise.reject(new Error('no card lies at the exit'))
            : Promise.resolve(),
        emptyFeeder: (feeder) => {
          printer.emptyFeeder(inputOf(feeder));
          return Promise.resolve();
        },
        layStrayIn: (feeder) => {
          const [stray] = blanks(feeder === 'kia' ? 'ktpEl' : 'kia', 1, 901);
          if (stray === undefined) return Promise.reject(new Error('there is no stray'));
          printer.emptyFeeder(inputOf(feeder));
          printer.load(inputOf(feeder), [stray]);
          return Promise.resolve(stray);
        },
        cameOut: () => evolisCameOut(printer),
        stop: () => driver.stop(),
      };
    },
    { seesEmptyFeeder: true, oneJob: false, refusesBy: 'notReady' },
  );
}
