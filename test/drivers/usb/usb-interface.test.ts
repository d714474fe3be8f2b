import { describe, expect, it } from '@jest/globals';
import { statusOf } from '../../../drivers/usb/claim-status.ts';
import {
  claimUsbInterface,
  clearUsbHalt,
  releaseUsbInterfaces,
  usbDevices,
  usbTransfer,
  type UsbDevice,
} from '../../../drivers/usb/usb-interface.ts';

/** As the module throws: one code, and words. */
const ofUsb = (words: string): Error => Object.assign(new Error(words), { code: 'GenericFailure' });

type Step =
  | 'open'
  | 'claimInterface'
  | 'selectAlternateInterface'
  | 'clearHalt'
  | 'releaseInterface'
  | 'close';

/** A device on no bus of this machine; `steps` are what it was asked for, one of which may fail. */
function device(failing: Step | null, error: Error) {
  const steps: Step[] = [];
  const step = (name: Step) => (): Promise<void> => {
    steps.push(name);
    return name === failing ? Promise.reject(error) : Promise.resolve();
  };
  const it = {
    bus: '250',
    address: 250,
    open: step('open'),
    claimInterface: step('claimInterface'),
    selectAlternateInterface: step('selectAlternateInterface'),
    clearHalt: step('clearHalt'),
    releaseInterface: step('releaseInterface'),
    close: step('close'),
  } as unknown as UsbDevice;
  return { it, steps };
}

const CHOICE = { interfaceNumber: 0, alternateSetting: 1 };

/** Words that are in the module, and that no rule knows. */
const OTHER_WORDS = [
  'failed to detach kernel driver',
  'no kernel driver attached',
  'failed to open device',
  'configuration not found',
  'device is not configured',
  'invalid or unsupported argument',
  'unknown (71)',
];

describe('a USB that cannot be listed', () => {
  it.each([
    ['getDevices error: /sys/bus/usb/devices/ not found', 'noBus'],
    ['getDevices error: /sys/bus/usb/devices/ permission denied', 'usbFailed'],
    ['getDevices error: failed to read descriptors', 'usbFailed'],
  ])('is a fault of the bus, and not the end of the process: %s', async (words, fault) => {
    const listed = await usbDevices(() => Promise.reject(ofUsb(words)));
    expect(listed).toEqual({ ok: false, error: fault });
  });

  it('hides no mistake of ours', async () => {
    const listing = usbDevices(() => Promise.reject(new TypeError('x is not a function')));
    await expect(listing).rejects.toThrow(TypeError);
  });
});

describe('a USB device that cannot be claimed', () => {
  it.each(OTHER_WORDS)('is a fault of that one device, whatever the words: %s', async (words) => {
    const opening = device('open', ofUsb(words));
    expect(await claimUsbInterface(opening.it, () => CHOICE, null)).toEqual({
      ok: false,
      error: { kind: 'usbFailed' },
    });
    const chosen = await claimUsbInterface(
      device(null, ofUsb(words)).it,
      () => {
        throw ofUsb(words);
      },
      null,
    );
    expect(chosen).toEqual({ ok: false, error: { kind: 'usbFailed' } });
    expect(statusOf({ kind: 'usbFailed' })).toMatchObject({ reasons: ['usbFailed'] });
  });

  it.each([
    ['claimInterface', 'failed to claim interface', 'usbFailed'],
    ['claimInterface', 'permission denied', 'forbidden'],
    ['claimInterface', 'device disconnected', 'absent'],
    ['claimInterface', 'interface is busy', 'heldBy'],
    ['selectAlternateInterface', 'alternate setting not found', 'usbFailed'],
  ] as const)('is closed again where %s fails: %s', async (step, words, kind) => {
    const { it: one, steps } = device(step, ofUsb(words));
    const claimed = await claimUsbInterface(one, () => CHOICE, null);
    expect(claimed).toMatchObject({ ok: false, error: { kind } });
    expect(steps.at(-1)).toBe('close');
  });

  it('hides no mistake of ours', async () => {
    const { it: one } = device('claimInterface', new TypeError('x is not a function'));
    await expect(claimUsbInterface(one, () => CHOICE, null)).rejects.toThrow(TypeError);
  });
});

describe('a USB device in use', () => {
  // What the module says: names on the bulk and interrupt pipes, sentences on the control pipe.
  it.each([
    ['transferIn error: Cancelled', 'late'],
    ['controlTransferIn error: transfer was cancelled', 'late'],
    ['transferOut error: Stall', 'stalled'],
    ['controlTransferOut error: endpoint stalled', 'stalled'],
    ['transferIn error: Fault', 'stalled'],
    ['controlTransferIn error: hardware fault or protocol violation', 'stalled'],
    ['transferIn error: Disconnected', 'gone'],
    ['controlTransferIn error: device disconnected', 'gone'],
    ['transferOut error: endpoint not found', 'gone'],
    ['controlTransferIn error: invalid state', 'gone'],
    ['open error: device not found', 'gone'],
    ['open error: No such device (os error 19)', 'gone'],
  ])('that says "%s" is %s', async (words, fault) => {
    const transferred = await usbTransfer(
      device(null, ofUsb('')).it,
      () => Promise.reject(ofUsb(words)),
      () => undefined,
    );
    expect(transferred).toEqual({ ok: false, error: fault });
  });

  it('is not given up because a halt was not cleared: the next transfer tells', async () => {
    const { it: one, steps } = device('clearHalt', ofUsb('clearHalt error: endpoint not found'));
    await clearUsbHalt(one, 'in', 1);
    expect(steps).toEqual(['clearHalt']);
  });

  it.each(OTHER_WORDS)('breaks a transfer off, whatever the words: %s', async (words) => {
    const transferred = await usbTransfer(
      device(null, ofUsb('')).it,
      () => Promise.reject(ofUsb(words)),
      () => undefined,
    );
    expect(transferred).toEqual({ ok: false, error: 'stalled' });
  });

  it('is let go of only once the transfers under way are over, as the module would throw before', async () => {
    const { it: one, steps } = device(null, ofUsb(''));
    const [first, second] = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
    const transfers = [first, second].map(({ promise }) =>
      usbTransfer(
        one,
        () => promise,
        (value) => value,
      ),
    );
    const released = releaseUsbInterfaces(one, [0]);
    const begin = () =>
      usbTransfer(
        one,
        () => Promise.resolve(0),
        (value) => value,
      );
    expect(await begin()).toEqual({ ok: false, error: 'gone' });
    first.resolve(1);
    expect(await transfers[0]).toEqual({ ok: true, value: 1 });
    expect(steps).toEqual([]);
    second.reject(ofUsb('transferIn error: Cancelled'));
    expect(await transfers[1]).toEqual({ ok: false, error: 'late' });
    await released;
    expect(steps).toEqual(['releaseInterface', 'close']);
    await claimUsbInterface(one, () => CHOICE, null);
    expect(await begin()).toEqual({ ok: true, value: 0 });
  });

  it('is closed though it does not release an interface', async () => {
    const { it: one, steps } = device('releaseInterface', ofUsb('unknown (5)'));
    await releaseUsbInterfaces(one, [0, 1]);
    expect(steps).toEqual(['releaseInterface', 'releaseInterface', 'close']);
  });
});
