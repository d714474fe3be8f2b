import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { listBuses, takeBusInventory } from '../../src/devices/bus-inventory.ts';
import { compareWithProfile } from '../../src/devices/inventory-comparison.ts';
import type { DeviceConfig } from '../../src/devices/ports.ts';
import type { BusListing } from '../../drivers/contract/bus-listing.ts';

/** Loading three native modules takes its time on a busy machine. */
jest.setTimeout(30_000);

const noBus = { ok: false, error: { kind: 'noBus' } } as const;

const scanner = (name: string, options: unknown): DeviceConfig => ({
  name,
  deviceClass: 'codeScanner',
  driver: 'hid-code-scanner',
  options,
});

const nothingThere = (): null => null;
const named = (lines: ReturnType<typeof compareWithProfile>) =>
  lines.map((line) => [line.kind, line.kind === 'unknown' ? line.label : line.device]);

describe('the inventory', () => {
  const usb = {
    ok: true,
    value: [
      { vendorId: 0x0c2e, productId: 0x0b61, manufacturer: 'A', product: 'Scanner' },
      { vendorId: 0x1d6b, productId: 2, manufacturer: 'Linux', product: 'Root hub' },
      { vendorId: 0x046d, productId: 0xc31c, manufacturer: 'B', product: 'Keyboard' },
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
    expect(named(compareWithProfile(devices, listing, nothingThere))).toEqual([
      ['expected', 'there'],
      ['missing', 'gone'],
      ['elsewhere', 'behind-a-socket'],
      ['unknown', 'Keyboard'],
    ]);
  });

  it('claims a device once for all the buses that show it', () => {
    const ids = { vendorId: 0x0403, productId: 0x6001 };
    const listing: BusListing = {
      usb: { ok: true, value: [{ ...ids, manufacturer: 'F', product: 'UART' }] },
      hid: { ok: true, value: [] },
      serial: { ok: true, value: [{ ...ids, path: '/dev/ttyUSB0', manufacturer: 'F' }] },
    };
    const stable = '/dev/serial/by-id/scanner';
    const resolve = (path: string) => (path === stable ? '/dev/ttyUSB0' : null);
    const devices = [scanner('desk', { path: stable }), scanner('other', { path: '/dev/ttyUSB1' })];
    expect(named(compareWithProfile(devices, listing, resolve))).toEqual([
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
    expect(named(compareWithProfile(devices, listing, nothingThere))).toEqual([
      ['unknowable', 'desk'],
    ]);
  });
});

describe('the buses of this machine', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'anj-bus-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('are listed by a process of its own, each with devices or with the reason why not', async () => {
    const listing = await listBuses();
    expect(listing.ok).toBe(true);
    const usb = listing.ok ? listing.value.usb : null;
    expect(usb?.ok).toBe(existsSync('/sys/bus/usb/devices'));
    const serial = listing.ok ? listing.value.serial : null;
    const hasUdevadm = ['/usr/bin/udevadm', '/bin/udevadm', '/sbin/udevadm'].some(existsSync);
    expect(serial?.ok).toBe(hasUdevadm);
  });

  it('are compared with the profile, following the links of a configured path', async () => {
    const port = join(folder, 'tty');
    writeFileSync(port, '');
    symlinkSync(port, join(folder, 'scanner'));
    const devices = [
      scanner('there', { path: join(folder, 'scanner') }),
      scanner('gone', { path: join(folder, 'absent') }),
    ];
    const inventory = await takeBusInventory(devices);
    const lines = inventory.ok ? inventory.value.lines : [];
    expect(named(lines.slice(0, 2))).toEqual([
      ['expected', 'there'],
      ['missing', 'gone'],
    ]);
  });
});
