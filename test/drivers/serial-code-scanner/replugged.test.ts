import { describe, expect, it } from '@jest/globals';
import {
  makeSerialCodeScannerFactory,
  serialCodeScannerOptionsSchema,
} from '../../../drivers/serial-code-scanner/driver.ts';
import { encodeFrame } from '../../../drivers/serial-code-scanner/protocol.ts';
import type { LineHandlers, OpenLine } from '../../../drivers/serial-line/serial-line.ts';
import type { UsbPort } from '../../../drivers/serial-line/usb-ports.ts';
import { FakeClock } from '../../../src/base/fake-clock.ts';
import { err, ok } from '../../../src/base/result.ts';
import { EventLog } from '../cabinet/event-log.ts';

const IDS = { vendorId: 0x0525, productId: 0xa4a7 };
const NAMED = { ...IDS, serialNumber: 'SPESIMEN-1' };

/** A driver over a listing that the test changes, as plugging does. */
function rig(options: object) {
  const clock = new FakeClock();
  const plugged = new Map<string, UsbPort>();
  const open = new Map<string, LineHandlers>();
  const openLine: OpenLine = (path, _baudRate, handlers) => {
    if (!plugged.has(path)) return Promise.resolve(err({ kind: 'absent' as const }));
    open.set(path, handlers);
    const close = () => {
      open.delete(path);
      return Promise.resolve();
    };
    return Promise.resolve(ok({ write: () => Promise.resolve(ok(undefined)), close }));
  };
  const listPorts = () => Promise.resolve([...plugged.values()]);
  const events = new EventLog<'codeScanner'>();
  const driver = makeSerialCodeScannerFactory({ clock, openLine, listPorts }).create(
    serialCodeScannerOptionsSchema.parse(options),
    events.emit,
  );
  return {
    clock,
    events,
    driver,
    open,
    plug: (path: string, serialNumber: string | null = null, ids = IDS) =>
      plugged.set(path, { path, ...ids, serialNumber, port: `1-${plugged.size + 1}` }),
    unplug: (path: string) => {
      plugged.delete(path);
      const handlers = open.get(path);
      open.delete(path);
      handlers?.onGone();
    },
  };
}

const TWO_ALIKE = { state: 'userError', reasons: ['twoAlike'], requiredAction: 'configuration' };

describe('a serial scanner known by its USB ids', () => {
  it('is found again under another path after it was plugged in anew', async () => {
    const { clock, driver, events, open, plug, unplug } = rig(NAMED);
    plug('/dev/ttyACM0', 'SPESIMEN-1');
    await driver.start();
    expect([...open.keys()]).toEqual(['/dev/ttyACM0']);
    unplug('/dev/ttyACM0');
    plug('/dev/ttyACM0', 'SPESIMEN-2');
    plug('/dev/ttyACM1', 'SPESIMEN-1');
    events.forget();
    clock.advance(250);
    await events.heard('statusChanged', ({ state }) => state === 'online');
    expect([...open.keys()]).toEqual(['/dev/ttyACM1']);
    await driver.stop();
  });

  it('is absent while only others are plugged in', async () => {
    const { driver, events, plug, open } = rig(NAMED);
    plug('/dev/ttyACM0', 'SPESIMEN-2');
    plug('/dev/ttyACM1', null);
    plug('/dev/ttyACM2', 'SPESIMEN-1', { ...IDS, productId: 1 });
    plug('/dev/ttyACM3', 'SPESIMEN-1', { ...IDS, vendorId: 1 });
    await driver.start();
    expect(events.named('statusChanged')).toMatchObject([{ reasons: ['absent'] }]);
    expect(open.size).toBe(0);
    await driver.stop();
  });

  it.each([
    ['of the same serial number', NAMED, 'SPESIMEN-1'],
    ['of no serial number', IDS, null],
  ])(
    'is out of service while two %s are plugged in, and opens neither',
    async (_, options, serial) => {
      const { clock, driver, events, plug, unplug, open } = rig(options);
      plug('/dev/ttyACM0', serial);
      plug('/dev/ttyACM1', serial);
      await driver.start();
      expect(events.named('statusChanged')).toEqual([TWO_ALIKE]);
      expect(open.size).toBe(0);
      unplug('/dev/ttyACM0');
      clock.advance(250);
      await events.heard('statusChanged', ({ state }) => state === 'online');
      expect([...open.keys()]).toEqual(['/dev/ttyACM1']);
      await driver.stop();
    },
  );

  it('is told from another of no serial number by where it is plugged in', async () => {
    const { driver, plug, open } = rig({ ...IDS, port: '1-2' });
    plug('/dev/ttyACM0');
    plug('/dev/ttyACM1');
    await driver.start();
    expect([...open.keys()]).toEqual(['/dev/ttyACM1']);
    await driver.stop();
  });

  it('stays with the one that it has when another like it is plugged in', async () => {
    const { driver, events, plug, open } = rig(NAMED);
    plug('/dev/ttyACM0', 'SPESIMEN-1');
    await driver.start();
    plug('/dev/ttyACM1', 'SPESIMEN-1');
    open.get('/dev/ttyACM0')?.onBytes(encodeFrame('990101'));
    expect(events.named('codeRead')).toEqual([{ payload: '990101' }]);
    expect([...open.keys()]).toEqual(['/dev/ttyACM0']);
    await driver.stop();
  });
});

describe('where a serial scanner is', () => {
  it.each([
    {},
    { serialNumber: 'SPESIMEN-1' },
    { vendorId: 1 },
    { productId: 1, serialNumber: 'SPESIMEN-1' },
    { path: '/dev/x', ...IDS },
    { path: '/dev/x', serialNumber: 'SPESIMEN-1' },
    { path: '/dev/x', port: '1-2' },
  ])('is said in one way and whole, so not by %j', (options) => {
    const [issue] = serialCodeScannerOptionsSchema.safeParse(options).error?.issues ?? [];
    expect(issue?.message).toBe(
      'either path, or vendorId and productId (and serialNumber or port)',
    );
  });

  it('is said by path, or by ids with or without a serial number', () => {
    const placeOf = (options: object) => serialCodeScannerOptionsSchema.parse(options).place;
    expect(placeOf({ path: '/dev/x' })).toEqual({ by: 'path', path: '/dev/x' });
    expect(placeOf(NAMED)).toEqual({ by: 'usb', ...NAMED, port: null });
    expect(placeOf(IDS)).toEqual({ by: 'usb', ...IDS, serialNumber: null, port: null });
  });
});
