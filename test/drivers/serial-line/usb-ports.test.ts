import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { usbPortsOf } from '../../../drivers/serial-line/usb-ports.ts';

let sysfs: string;
beforeEach(() => {
  sysfs = mkdtempSync(join(tmpdir(), 'anj-sysfs-'));
  mkdirSync(join(sysfs, 'class/tty'), { recursive: true });
});
afterEach(() => rmSync(sysfs, { recursive: true }));

/** A terminal device as the kernel lays one out: a link in `class/tty` into the tree of devices. */
function tty(name: string, interfacePath: string, files: Readonly<Record<string, string>>): void {
  const device = join(sysfs, 'devices/pci0000:00/usb1', interfacePath.split('/')[0] ?? '');
  const own = join(sysfs, 'devices/pci0000:00/usb1', interfacePath);
  mkdirSync(join(own, 'tty', name), { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(device, file), text);
  symlinkSync(own, join(own, 'tty', name, 'device'));
  symlinkSync(join(own, 'tty', name), join(sysfs, 'class/tty', name));
}

describe('the serial ports of USB devices', () => {
  it('are told by what their device says of itself, be they of its interface or below it', async () => {
    tty('ttyACM0', '1-1/1-1:1.0', {
      idVendor: '0525\n',
      idProduct: 'a4a7\n',
      serial: 'SPESIMEN 1\n',
    });
    tty('ttyUSB0', '1-2/1-2:1.0/ttyUSB0', { idVendor: '0403\n', idProduct: '6001\n' });
    const ports = await usbPortsOf(sysfs)();
    expect(ports.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      {
        path: '/dev/ttyACM0',
        vendorId: 0x0525,
        productId: 0xa4a7,
        serialNumber: 'SPESIMEN 1',
        port: '1-1',
      },
      {
        path: '/dev/ttyUSB0',
        vendorId: 0x0403,
        productId: 0x6001,
        serialNumber: null,
        port: '1-2',
      },
    ]);
  });

  it('leave out consoles, ports of the board and devices that left meanwhile', async () => {
    mkdirSync(join(sysfs, 'devices/virtual/tty/tty0'), { recursive: true });
    symlinkSync(join(sysfs, 'devices/virtual/tty/tty0'), join(sysfs, 'class/tty/tty0'));
    const board = join(sysfs, 'devices/pnp0/00:04');
    mkdirSync(join(board, 'tty/ttyS0'), { recursive: true });
    symlinkSync(board, join(board, 'tty/ttyS0/device'));
    symlinkSync(join(board, 'tty/ttyS0'), join(sysfs, 'class/tty/ttyS0'));
    symlinkSync(join(sysfs, 'devices/gone'), join(sysfs, 'class/tty/ttyACM9'));
    expect(await usbPortsOf(sysfs)()).toEqual([]);
  });

  it('are none where the kernel has no such class', async () => {
    expect(await usbPortsOf(join(sysfs, 'nowhere'))()).toEqual([]);
  });

  it('are none with ids that are none', async () => {
    tty('ttyACM0', '1-1/1-1:1.0', { idVendor: 'none\n', idProduct: 'a4a7\n' });
    expect(await usbPortsOf(sysfs)()).toEqual([]);
  });
});
