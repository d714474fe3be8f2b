import { systemClock } from '../../src/base/clock.ts';
import { makeEvolisCardPrinterFactory } from '../evolis-card-printer/driver.ts';
import { systemUsbPrinterBus } from '../usb/system-usb-printers.ts';

/** An Evolis card printer on USB, without a reader at its contactless station: it writes no chips. */
export const usbEvolisPrinterFactory = makeEvolisCardPrinterFactory(() => ({
  clock: systemClock,
  bus: systemUsbPrinterBus,
  station: null,
}));
