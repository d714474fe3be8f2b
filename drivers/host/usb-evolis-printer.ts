import { systemClock } from '../../src/base/clock.ts';
import { makeEvolisCardPrinterFactory } from '../evolis-card-printer/driver.ts';
import type { EvolisOptions } from '../evolis-card-printer/options.ts';
import { PcscReaderPair } from '../pcsc-card-reader/reader-pair.ts';
import { systemUsbPrinterBus } from '../usb/system-usb-printers.ts';
import { PrinterStation } from './printer-station.ts';

function stationOf({ station }: EvolisOptions): PrinterStation | null {
  if (station === null) return null;
  const reader = new PcscReaderPair({ ...station, samPattern: null }, systemClock);
  return new PrinterStation(reader, systemClock);
}

/** An Evolis card printer on USB, with the PC/SC reader at its contactless station where one is fitted. */
export const usbEvolisPrinterFactory = makeEvolisCardPrinterFactory((options) => ({
  clock: systemClock,
  bus: systemUsbPrinterBus,
  station: stationOf(options),
}));
