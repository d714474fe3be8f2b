import type { DriverFactory } from '../contract/driver.ts';
import type { DeviceClass } from '../contract/words.ts';

/** A factory whose class and options the host checks at run time. */
export type AnyDriverFactory = DriverFactory<DeviceClass, unknown>;

/** Configured driver name → how to load it. A native module is touched only when its driver is configured. */
export type Catalogue = Readonly<Record<string, () => Promise<AnyDriverFactory>>>;

/** Forgets a factory's types; the host restores their promises by parsing. */
const erased = <C extends DeviceClass, O>(factory: DriverFactory<C, O>): AnyDriverFactory =>
  factory as unknown as AnyDriverFactory;

export const catalogue: Catalogue = {
  'pcsc-ektp-reader': async () =>
    erased((await import('./pcsc-ektp-reader.ts')).pcscEKtpReaderFactory),
  'ccid-ektp-reader': async () =>
    erased((await import('./ccid-ektp-reader.ts')).ccidEKtpReaderFactory),
  'simulated-motor-card-reader': async () =>
    erased(
      (await import('../simulated-motor-card-reader/driver.ts')).simulatedMotorCardReaderFactory,
    ),
  'serial-code-scanner': async () =>
    erased((await import('../serial-code-scanner/driver.ts')).serialCodeScannerFactory),
  'hid-code-scanner': async () =>
    erased((await import('../hid-code-scanner/driver.ts')).hidCodeScannerFactory),
  'cabinet-io': async () => erased((await import('../cabinet-io/driver.ts')).cabinetIoFactory),
  'ipp-page-printer': async () =>
    erased((await import('../ipp-page-printer/driver.ts')).ippPagePrinterFactory),
  'ipp-card-printer': async () =>
    erased((await import('../ipp-card-printer/driver.ts')).ippCardPrinterFactory),
  'escpos-receipt-printer': async () =>
    erased((await import('../escpos-receipt-printer/driver.ts')).escposReceiptPrinterFactory),
  'evolis-card-printer': async () =>
    erased((await import('./usb-evolis-printer.ts')).usbEvolisPrinterFactory),
  ups: async () => erased((await import('../ups/driver.ts')).upsFactory),
  'simulated-card-printer': async () =>
    erased((await import('../simulated-card-printer/driver.ts')).simulatedCardPrinterFactory),
  audio: async () => erased((await import('../audio/driver.ts')).audioFactory),
  biometric: async () => erased((await import('../biometric/driver.ts')).biometricFactory),
  'simulated-biometric': async () =>
    erased((await import('../biometric/simulated-biometric.ts')).simulatedBiometricFactory),
};
