import type { Cabinet } from '../../drivers/cabinet/cabinet.ts';
import type { CardPrinterCapabilities } from '../../drivers/contract/card-printer.ts';
import type { EmitEvent } from '../../drivers/contract/driver.ts';
import { makeSimulatedCardPrinterFactory } from '../../drivers/simulated-card-printer/driver.ts';
import { profiles, type ProfileName } from '../../drivers/simulated-card-printer/profiles.ts';
import { systemClock } from '../../src/base/clock.ts';
import { kiaBlanks, ktpBlanks, startCabinet } from '../drivers/cabinet/cabinet-rig.ts';
import { EventLog } from '../drivers/cabinet/event-log.ts';
import type { CardPrinterRig } from './card-printer-suite.ts';

type Emit = EmitEvent<'cardPrinter'>;

export const capabilitiesOf = (profile: ProfileName): CardPrinterCapabilities => ({
  ...profiles[profile],
  feeders: [
    { name: 'ktp', blankKind: 'ktpEl' },
    { name: 'kia', blankKind: 'kia' },
  ],
});

/** The printer of a simulated cabinet in this process. */
export async function openSimulatedCardPrinter(
  profile: ProfileName,
  /** What becomes of an event on its way out. */
  emitting = (emit: Emit): Emit => emit,
): Promise<CardPrinterRig & { readonly cabinet: Cabinet }> {
  const rig = await startCabinet({ profile });
  const { cabinet } = rig;
  cabinet.printerHands.load('ktp', ktpBlanks(3));
  cabinet.printerHands.load('kia', kiaBlanks(3));
  const events = new EventLog<'cardPrinter'>();
  const factory = makeSimulatedCardPrinterFactory(systemClock);
  const options = factory.options.parse({ socketPath: cabinet.socketPath });
  const driver = factory.create(options, emitting(events.emit));
  await driver.start();
  return {
    cabinet,
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
}
