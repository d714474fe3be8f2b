import { profileNames, profiles } from '../../drivers/simulated-card-printer/profiles.ts';
import {
  kiaBlanks,
  ktpBlanks,
  startCabinet,
  startCardPrinterDriver,
} from '../drivers/cabinet/cabinet-rig.ts';
import { cardPrinterConformance } from './card-printer-suite.ts';

for (const profile of profileNames) {
  const capabilities = {
    ...profiles[profile],
    feeders: [
      { name: 'ktp', blankKind: 'ktpEl' },
      { name: 'kia', blankKind: 'kia' },
    ],
  };
  cardPrinterConformance(
    `the simulated card printer, profile ${profile},`,
    capabilities,
    async () => {
      const rig = await startCabinet({ profile });
      const { cabinet } = rig;
      cabinet.printerHands.load('ktp', ktpBlanks(3));
      cabinet.printerHands.load('kia', kiaBlanks(3));
      const { driver, events } = await startCardPrinterDriver(cabinet.socketPath);
      return {
        driver,
        events,
        takeCardAtExit: () => {
          const taken = cabinet.printerHands.takeCard();
          return taken.ok ? Promise.resolve() : Promise.reject(new Error(taken.error.reason));
        },
        emptyFeeder: (name) => {
          cabinet.printerHands.emptyFeeder(name);
          return Promise.resolve();
        },
        layStrayIn: (name) => {
          const [blank] = name === 'kia' ? ktpBlanks(1, 901) : kiaBlanks(1, 901);
          if (blank === undefined) return Promise.reject(new Error('there is no stray'));
          cabinet.printerHands.emptyFeeder(name);
          cabinet.printerHands.load(name, [blank]);
          return Promise.resolve({ serial: blank.serial, blankKind: blank.kind });
        },
        cameOut: () => {
          const { exit } = cabinet.world.cardPrinter;
          const sides = (['front', 'back'] as const).filter((side) => exit?.[side] === 'printed');
          return exit === null ? [] : [{ sides }];
        },
        stop: async () => {
          await driver.stop();
          await rig.stop();
        },
      };
    },
  );
}
