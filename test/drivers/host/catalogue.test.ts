import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../../../drivers/host/catalogue.ts';

const classes = {
  'pcsc-ektp-reader': 'cardReader',
  'ccid-ektp-reader': 'cardReader',
  'simulated-motor-card-reader': 'cardReader',
  'serial-code-scanner': 'codeScanner',
  'hid-code-scanner': 'codeScanner',
  'cabinet-io': 'cabinetIo',
  'ipp-page-printer': 'pagePrinter',
  'ipp-card-printer': 'cardPrinter',
  'escpos-receipt-printer': 'receiptPrinter',
  'evolis-card-printer': 'cardPrinter',
  ups: 'ups',
  'simulated-card-printer': 'cardPrinter',
  audio: 'audio',
  biometric: 'biometric',
  'simulated-biometric': 'biometric',
};

describe('the catalogue of drivers', () => {
  it('names these and no others', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(classes).sort());
  });

  it.each(Object.entries(classes))(
    'loads %s, a %s, and calls simulated what is',
    async (name, deviceClass) => {
      const factory = await catalogue[name]?.();
      expect(factory).toMatchObject({ deviceClass, real: !name.startsWith('simulated-') });
    },
  );

  it.each(Object.keys(classes))('has %s refuse an option it does not know', async (name) => {
    const options = { noSuchOption: 1 };
    const parsed = (await catalogue[name]?.())?.options.safeParse(options);
    expect(parsed?.error?.issues.map(({ code }) => code)).toContain('unrecognized_keys');
  });
});
