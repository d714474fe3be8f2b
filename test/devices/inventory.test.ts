import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { listBuses, takeBusInventory } from '../../src/devices/bus-inventory.ts';
import {
  compareWithProfile,
  type InventoryLine,
  type PlacedDevice,
} from '../../src/devices/inventory-comparison.ts';
import type { DeviceConfig } from '../../src/devices/ports.ts';
import type { BusListing } from '../../drivers/contract/bus-listing.ts';
import { usbPlace } from '../../drivers/contract/device-place.ts';
import type { UsbWanted } from '../../drivers/contract/usb-identity.ts';
import { usbPortAt, usbPortOfNode, usbWordAt } from '../../drivers/contract/usb-port.ts';

/** Loading three native modules takes its time on a busy machine. */
jest.setTimeout(30_000);

/** No serial number, and no kernel that says where it is plugged in. */
const NOWHERE = { serialNumber: null, port: null } as const;

const noBus = { ok: false, error: { kind: 'noBus' } } as const;

const scanner = (name: string, options: unknown): DeviceConfig => ({
  name,
  deviceClass: 'codeScanner',
  driver: 'hid-code-scanner',
  options,
});

/** As the drivers' own options would have it: ids are on the USB, a path is a path, the rest is elsewhere. */
function placed(device: DeviceConfig): PlacedDevice {
  const options = device.options as Readonly<Record<string, unknown>>;
  const { path } = options;
  if (typeof path === 'string') return { device, places: [{ kind: 'path', path }] };
  return { device, places: 'vendorId' in options ? [usbPlace(options)] : [] };
}

const nothingThere = (): null => null;
const named = (lines: ReturnType<typeof compareWithProfile>) =>
  lines.map((line) => [line.kind, line.kind === 'unknown' ? line.label : line.device]);

describe('the inventory', () => {
  const usb = {
    ok: true,
    value: [
      { vendorId: 0x0c2e, productId: 0x0b61, ...NOWHERE, manufacturer: 'A', product: 'Scanner' },
      { vendorId: 0x1d6b, productId: 2, ...NOWHERE, manufacturer: 'Linux', product: 'Root hub' },
      { vendorId: 0x046d, productId: 0xc31c, ...NOWHERE, manufacturer: 'B', product: 'Keyboard' },
    ],
  } as const;

  it('tells expected from missing from unknown, and leaves the kernel’s own hubs out', () => {
    const listing: BusListing = {
      usb: { ...usb, value: [...usb.value] },
      hid: { ok: true, value: [] },
      serial: { ok: true, value: [] },
    };
    const devices = [
      scanner('there', { vendorId: 0x0c2e, productId: 0x0b61 }),
      scanner('gone', { vendorId: 0x0c2e, productId: 0x0b62 }),
      scanner('behind-a-socket', { socketPath: '/run/x.sock' }),
    ];
    expect(named(compareWithProfile(devices.map(placed), listing, nothingThere))).toEqual([
      ['expected', 'there'],
      ['missing', 'gone'],
      ['elsewhere', 'behind-a-socket'],
      ['unknown', 'Keyboard'],
    ]);
  });

  it('claims a device once for all the buses that show it', () => {
    const ids = { vendorId: 0x0403, productId: 0x6001, ...NOWHERE };
    const listing: BusListing = {
      usb: { ok: true, value: [{ ...ids, manufacturer: 'F', product: 'UART' }] },
      hid: { ok: true, value: [] },
      serial: { ok: true, value: [{ ...ids, path: '/dev/ttyUSB0', manufacturer: 'F' }] },
    };
    const stable = '/dev/serial/by-id/scanner';
    const resolve = (path: string) => (path === stable ? '/dev/ttyUSB0' : null);
    const devices = [scanner('desk', { path: stable }), scanner('other', { path: '/dev/ttyUSB1' })];
    expect(named(compareWithProfile(devices.map(placed), listing, resolve))).toEqual([
      ['expected', 'desk'],
      ['missing', 'other'],
    ]);
  });

  it('does not call missing what a bus that could not be read might hold', () => {
    const devices = [scanner('desk', { vendorId: 1, productId: 2 })];
    const listing: BusListing = {
      usb: noBus,
      hid: { ok: true, value: [] },
      serial: { ok: true, value: [] },
    };
    expect(named(compareWithProfile(devices.map(placed), listing, nothingThere))).toEqual([
      ['unknowable', 'desk'],
    ]);
  });
});

describe('a device of which nobody says what it would be seen as', () => {
  const listing: BusListing = {
    usb: {
      ok: true,
      value: [{ vendorId: 1, productId: 2, ...NOWHERE, manufacturer: 'A', product: 'Thing' }],
    },
    hid: { ok: true, value: [] },
    serial: { ok: true, value: [] },
  };

  it('is not called missing, claims nothing, and is told with what would help', () => {
    const lines = compareWithProfile(
      [
        { device: scanner('any', {}), places: [{ kind: 'anyOfItsKind' }] },
        { device: scanner('unsaid', {}), places: null },
      ],
      listing,
      nothingThere,
    );
    expect(named(lines)).toEqual([
      ['unknowable', 'any'],
      ['unknowable', 'unsaid'],
      ['unknown', 'Thing'],
    ]);
  });
});

describe('two devices alike', () => {
  const alike = (port: string, serialNumber: string | null) =>
    ({
      vendorId: 0x05e0,
      productId: 0x1200,
      manufacturer: 'S',
      product: 'POS',
      port,
      serialNumber,
    }) as const;
  const [left, right] = [alike('1-1.2', 'L7'), alike('1-1.3', 'R7')];
  const hid = (of: typeof left, path: string) => {
    const { vendorId, productId, port, serialNumber, product } = of;
    return { vendorId, productId, port, serialNumber, product, path, usagePage: 0x8c };
  };
  const listing: BusListing = {
    usb: { ok: true, value: [left, right] },
    hid: { ok: true, value: [hid(left, '/dev/hidraw0'), hid(right, '/dev/hidraw1')] },
    serial: { ok: true, value: [] },
  };
  const ids = { vendorId: 0x05e0, productId: 0x1200 };
  const compare = (devices: DeviceConfig[], others: UsbWanted[] = []) =>
    compareWithProfile(devices.map(placed), listing, nothingThere, others);
  const places = (line: InventoryLine | undefined) =>
    line?.kind === 'ambiguous'
      ? line.candidates.map(({ port, serialNumber }) => [port, serialNumber])
      : null;

  it('are named where the configuration does not say which', () => {
    const lines = compare([scanner('desk', ids)]);
    expect(named(lines)).toEqual([['ambiguous', 'desk']]);
    expect(places(lines[0])).toEqual([
      ['1-1.2', 'L7'],
      ['1-1.3', 'R7'],
    ]);
  });

  it('are told apart by serial number or by port, and the other one is unknown', () => {
    for (const pin of [{ serialNumber: 'R7' }, { port: '1-1.3' }]) {
      const lines = compare([scanner('desk', { ...ids, ...pin })]);
      expect(named(lines)).toEqual([
        ['expected', 'desk'],
        ['unknown', 'POS'],
      ]);
      expect(lines[1]).toMatchObject({ bus: 'usb', port: '1-1.2', serialNumber: 'L7' });
    }
    expect(named(compare([scanner('desk', { ...ids, serialNumber: 'X7' })]))).toEqual([
      ['missing', 'desk'],
      ['unknown', 'POS'],
      ['unknown', 'POS'],
    ]);
  });

  it('leave it open which configured device is there when one of them is not', () => {
    const one = { ...listing, usb: { ok: true as const, value: [left] }, hid: noBus };
    const lines = compareWithProfile(
      [scanner('desk', ids), scanner('gate', ids)].map(placed),
      one,
      nothingThere,
    );
    expect(named(lines)).toEqual([
      ['ambiguous', 'desk'],
      ['ambiguous', 'gate'],
    ]);
  });

  it('are known where the configuration names them as something else of the cabinet, or behind a daemon', () => {
    const pin = { ...ids, serialNumber: null };
    const behindDaemon = {
      ...scanner('tap', { readerPattern: 'ACS' }),
      usb: { ...pin, port: '1-1.2' },
    };
    expect(named(compare([behindDaemon], [{ ...pin, port: '1-1.3' }]))).toEqual([
      ['expected', 'tap'],
    ]);
  });
});

describe('where a thing is plugged in', () => {
  let sysfs: string;

  beforeEach(() => {
    sysfs = mkdtempSync(join(tmpdir(), 'anj-sysfs-'));
    const device = join(sysfs, 'devices/pci0000:00/usb1/1-1/1-1.3');
    const node = join(device, '1-1.3:1.0/0003:05E0:1200.0001');
    mkdirSync(node, { recursive: true });
    mkdirSync(join(sysfs, 'bus/usb/devices'), { recursive: true });
    mkdirSync(join(sysfs, 'class/hidraw/hidraw0'), { recursive: true });
    symlinkSync(node, join(sysfs, 'class/hidraw/hidraw0/device'));
    writeFileSync(join(device, 'busnum'), '1\n');
    writeFileSync(join(device, 'devnum'), '7\n');
    symlinkSync(device, join(sysfs, 'bus/usb/devices/1-1.3'));
    symlinkSync(join(device, '1-1.3:1.0'), join(sysfs, 'bus/usb/devices/1-1.3:1.0'));
    // Pulled out since the folder was read.
    symlinkSync(join(sysfs, 'devices/gone'), join(sysfs, 'bus/usb/devices/1-1.2'));
  });

  afterEach(() => rmSync(sysfs, { recursive: true }));

  it('is read from the kernel by its two numbers or by its node', () => {
    expect(usbPortAt(1, 7, sysfs)).toBe('1-1.3');
    expect(usbPortOfNode('hidraw', '/dev/hidraw0', sysfs)).toBe('1-1.3');
  });

  it('has the words that the device says of itself, and none of one that says none or is gone', () => {
    writeFileSync(join(sysfs, 'bus/usb/devices/1-1.3/serial'), 'SPESIMEN-1\n');
    writeFileSync(join(sysfs, 'bus/usb/devices/1-1.3/product'), '\n');
    expect(usbWordAt('1-1.3', 'serial', sysfs)).toBe('SPESIMEN-1');
    expect(usbWordAt('1-1.3', 'product', sysfs)).toBeNull();
    expect(usbWordAt('1-1.3', 'manufacturer', sysfs)).toBeNull();
    expect(usbWordAt('1-1.2', 'serial', sysfs)).toBeNull();
    expect(usbWordAt(null, 'serial', sysfs)).toBeNull();
  });

  it('is not known of what is gone, is not on the USB, or where there is no such kernel', () => {
    expect(usbPortAt(1, 8, sysfs)).toBeNull();
    expect(usbPortAt(1, 7, join(sysfs, 'nothing'))).toBeNull();
    expect(usbPortOfNode('hidraw', '/dev/hidraw1', sysfs)).toBeNull();
    mkdirSync(join(sysfs, 'class/tty/ttyS0'), { recursive: true });
    symlinkSync(join(sysfs, 'bus'), join(sysfs, 'class/tty/ttyS0/device'));
    expect(usbPortOfNode('tty', '/dev/ttyS0', sysfs)).toBeNull();
  });
});

describe('the buses of this machine', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anj-bus-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('are listed by a process of its own, each with devices or with the reason why not', async () => {
    const list = await listBuses([]);
    expect(list.ok).toBe(true);
    const usb = list.ok ? list.value.listing.usb : null;
    expect(usb?.ok).toBe(existsSync('/sys/bus/usb/devices'));
    const serial = list.ok ? list.value.listing.serial : null;
    const hasUdevadm = ['/usr/bin/udevadm', '/bin/udevadm', '/sbin/udevadm'].some(existsSync);
    expect(serial?.ok).toBe(hasUdevadm);
  });

  it('are looked for where each driver looks, by its own options with what they leave out', async () => {
    const list = await listBuses([
      scanner('hid', { vendorId: 0x0c2e, productId: 1, port: '1-1.4' }),
      scanner('any-hid', {}),
      scanner('typo', { vendorID: 1 }),
      { ...scanner('serial', { vendorId: 1, productId: 2 }), driver: 'serial-code-scanner' },
      { ...scanner('nobody', {}), driver: 'no-such-driver' },
      {
        name: 'receipt',
        deviceClass: 'receiptPrinter',
        driver: 'escpos-receipt-printer',
        options: {
          connection: { kind: 'usb', vendorId: 0x04b8, serialNumber: 'R1' },
          columns: 48,
          cutter: true,
          paperNearEnd: true,
          coverSensor: true,
          endOfJob: 'none',
          clearsBuffers: true,
          automaticStatus: true,
        },
      },
      {
        name: 'card',
        deviceClass: 'cardPrinter',
        driver: 'evolis-card-printer',
        options: {
          model: 'SPESIMEN',
          feeders: [{ name: 'a', blankKind: 'kia', input: 1 }],
          ribbon: 'ymcko',
          feederSensors: true,
        },
      },
      {
        name: 'reader',
        deviceClass: 'cardReader',
        driver: 'ccid-ektp-reader',
        options: {
          reader: { vendorId: 0x072f, productId: 1 },
          sam: { reader: { vendorId: 0x072f, productId: 2 }, slot: 0 },
        },
      },
      {
        name: 'page',
        deviceClass: 'pagePrinter',
        driver: 'ipp-page-printer',
        options: { uri: 'ipp://127.0.0.1:631/ipp/print' },
      },
    ]);
    const usb = { kind: 'usb', productId: null, ...NOWHERE };
    expect(list.ok && list.value.places).toEqual([
      [{ ...usb, vendorId: 0x0c2e, productId: 1, port: '1-1.4' }],
      [{ kind: 'anyOfItsKind' }],
      null,
      [{ ...usb, vendorId: 1, productId: 2 }],
      null,
      [{ ...usb, vendorId: 0x04b8, serialNumber: 'R1' }],
      [{ ...usb, vendorId: 0x0f49 }],
      [
        { ...usb, vendorId: 0x072f, productId: 1 },
        { ...usb, vendorId: 0x072f, productId: 2 },
      ],
      [],
    ]);
  });

  it('are compared with the profile, following the links of a configured path', async () => {
    const port = join(folder, 'tty');
    writeFileSync(port, '');
    symlinkSync(port, join(folder, 'scanner'));
    const serial = (name: string, file: string): DeviceConfig => ({
      ...scanner(name, { path: join(folder, file) }),
      driver: 'serial-code-scanner',
    });
    const devices = [serial('there', 'scanner'), serial('gone', 'absent')];
    const inventory = await takeBusInventory(devices, []);
    const lines = inventory.ok ? inventory.value.lines : [];
    expect(named(lines.slice(0, 2))).toEqual([
      ['expected', 'there'],
      ['missing', 'gone'],
    ]);
  });
});
