import type { SimulatedReaderOptions } from '../../drivers/ccid-card-reader/simulator.ts';
import { cardReaderSuite } from './card-reader-suite.ts';
import { openOnSimulatedBus } from './ccid-simulated.ts';

const contactless = { motorised: false, captureBin: false };

const readers: Readonly<Record<string, SimulatedReaderOptions>> = {
  'at extended APDU level': { level: 'extendedApdu', maxMessageBytes: 100 },
  'at short APDU level': { level: 'shortApdu' },
  'at TPDU level over T=0': { level: 'tpdu' },
  'that cannot tell of cards by itself': { hasInterruptPipe: false },
  'that gives no answer for a pulled card': { forgetsPulledCards: true },
};

for (const [name, made] of Object.entries(readers)) {
  cardReaderSuite(
    `an e-KTP reader with a SAM over raw CCID, ${name},`,
    { ...contactless, sam: true },
    () => openOnSimulatedBus(true, made),
  );
}

cardReaderSuite('an e-KTP reader without a SAM over raw CCID', { ...contactless, sam: false }, () =>
  openOnSimulatedBus(false, {}),
);
