import type { SimulatedEvolisPrinter } from '../../drivers/evolis-card-printer/simulator.ts';
import { blanks } from '../drivers/evolis-card-printer/evolis-rig.ts';
import type { CardPrinterRig } from './card-printer-suite.ts';
import { evolisCameOut } from './evolis-came-out.ts';

type Hands = Pick<CardPrinterRig, 'takeCardAtExit' | 'emptyFeeder' | 'layStrayIn' | 'cameOut'>;

/** Whoever stands at a simulated Evolis printer. */
export function evolisHands(printer: SimulatedEvolisPrinter): Hands {
  const inputOf = (feeder: string) => (feeder === 'kia' ? 2 : 1);
  return {
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
  };
}
