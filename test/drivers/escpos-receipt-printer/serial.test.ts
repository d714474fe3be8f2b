import { describe, expect, it } from '@jest/globals';
import { escposOptionsSchema } from '../../../drivers/escpos-receipt-printer/options.ts';
import { escposReceiptPrinterFactory } from '../../../drivers/escpos-receipt-printer/driver.ts';
import { FULL, SERIAL_PORT, serialRig } from './escpos-rig.ts';

const { vendorId, productId, serialNumber, port } = SERIAL_PORT;
const OTHER = { ...SERIAL_PORT, path: '/dev/absent', serialNumber: 'SPESIMEN0002', port: '1-2' };

describe('a receipt printer with a serial port on the USB', () => {
  it.each([
    ['its ids', { vendorId, productId }, []],
    ['its serial number, beside another', { vendorId, productId, serialNumber }, [OTHER]],
    ['its port, beside another', { vendorId, productId, port }, [OTHER]],
  ])('is found by %s', async (_what, place, others) => {
    const rig = await serialRig(FULL, { place, others });
    await rig.driver.start();
    expect(rig.events.named('statusChanged')).toMatchObject([{ state: 'online' }]);
    await rig.stop();
  });

  it('is left alone where two are alike', async () => {
    const rig = await serialRig(FULL, { place: { vendorId, productId }, others: [OTHER] });
    await rig.driver.start();
    expect(rig.events.named('statusChanged')).toEqual([
      { state: 'userError', reasons: ['twoAlike'], requiredAction: 'configuration' },
    ]);
    await rig.stop();
  });

  it('is named by its path or by its ids, not by both or by half of them', () => {
    const issuesOf = (place: object) =>
      escposOptionsSchema.safeParse({ ...FULL, connection: { kind: 'serial', ...place } }).error
        ?.issues.length ?? 0;
    const places = [
      { path: '/dev/x' },
      { vendorId, productId },
      { path: '/dev/x', vendorId, productId },
      { vendorId },
      {},
    ];
    expect(places.map(issuesOf)).toEqual([0, 0, 1, 1, 1]);
  });

  it('says where it looks for it', () => {
    const placesOf = (place: object) =>
      escposReceiptPrinterFactory.places?.(
        escposOptionsSchema.parse({ ...FULL, connection: { kind: 'serial', ...place } }),
      );
    expect(placesOf({ path: '/dev/x' })).toEqual([{ kind: 'path', path: '/dev/x' }]);
    expect(placesOf({ vendorId, productId, port })).toEqual([
      { kind: 'usb', vendorId, productId, serialNumber: null, port },
    ]);
  });
});
