import { systemClock, type Clock } from '../../src/base/clock.ts';
import { lineDriverFactory, type LineDriverOptions } from '../contract/line-driver.ts';
import type { DriverFactory } from '../contract/driver.ts';
import { CARD_PRINTER_DEVICE } from './protocol.ts';

export const makeSimulatedCardPrinterFactory = (
  clock: Clock,
): DriverFactory<'cardPrinter', LineDriverOptions> =>
  lineDriverFactory(
    {
      deviceClass: 'cardPrinter',
      name: CARD_PRINTER_DEVICE,
      unseen: {
        media: 'unknown',
        feeders: [],
        ribbon: 'unknown',
        rejectBin: 'unknown',
        counters: null,
      },
    },
    clock,
  );

export const simulatedCardPrinterFactory = makeSimulatedCardPrinterFactory(systemClock);
