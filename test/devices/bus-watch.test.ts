import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../src/base/fake-clock.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import type { BusInventory, BusInventoryError } from '../../src/devices/bus-inventory.ts';
import { BusWatch, FIRST_LOOK_MS, LOOK_MS } from '../../src/devices/bus-watch.ts';
import type { InventoryLine, Stranger } from '../../src/devices/inventory-comparison.ts';

const keyboard: Stranger = {
  kind: 'unknown',
  bus: 'usb',
  place: 'port 1-2',
  vendorId: 0x046d,
  productId: 0xc31c,
  serialNumber: null,
  port: '1-2',
  path: null,
  label: 'Keyboard',
};
const missing: InventoryLine = {
  kind: 'missing',
  device: 'scanner',
  driver: 'hid-code-scanner',
  expectation: { kind: 'path', path: '/dev/x' },
};
const failed: BusInventoryError = { kind: 'listingFailed', exitCode: 1 };

function bench(looks: Result<InventoryLine[], BusInventoryError>[]) {
  const clock = new FakeClock();
  const told: unknown[] = [];
  const look = (): Promise<Result<BusInventory, BusInventoryError>> => {
    const next = looks.shift() ?? ok([]);
    return Promise.resolve(next.ok ? ok({ lines: next.value, faults: [] }) : next);
  };
  const watch = new BusWatch({
    clock,
    look,
    onStranger: (stranger) => told.push(stranger),
    onFailed: (error) => told.push(error),
  });
  watch.start();
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, told, watch, pass };
}

describe('what is on the buses and not in the configuration', () => {
  it('is told once as it comes, is there as long as it stays, and is told anew when it comes back', async () => {
    const { told, watch, pass } = bench([
      ok([missing, keyboard]),
      ok([keyboard, missing]),
      ok([missing]),
      ok([keyboard]),
    ]);
    await pass(FIRST_LOOK_MS - 1);
    expect(watch.strangers).toEqual([]);
    await pass(1);
    expect([watch.strangers, told]).toEqual([[keyboard], [keyboard]]);
    await pass(LOOK_MS);
    expect([watch.strangers, told]).toEqual([[keyboard], [keyboard]]);
    await pass(LOOK_MS);
    expect(watch.strangers).toEqual([]);
    await pass(LOOK_MS);
    expect([watch.strangers, told]).toEqual([[keyboard], [keyboard, keyboard]]);
  });

  it('is told where another thing came into the same port', async () => {
    const other = { ...keyboard, productId: 0xc320 };
    const { told, pass } = bench([ok([keyboard]), ok([other])]);
    await pass(FIRST_LOOK_MS);
    await pass(LOOK_MS);
    expect(told).toEqual([keyboard, other]);
  });

  it('stays as it was last seen while the buses cannot be read, and they are read again', async () => {
    const { told, watch, pass } = bench([ok([keyboard]), err(failed), ok([])]);
    await pass(FIRST_LOOK_MS);
    await pass(LOOK_MS);
    expect([watch.strangers, told]).toEqual([[keyboard], [keyboard, failed]]);
    await pass(LOOK_MS);
    expect(watch.strangers).toEqual([]);
  });

  it('is not looked for any more once the watch is stopped', async () => {
    const { clock, told, watch, pass } = bench([ok([keyboard])]);
    await watch.stop();
    await pass(FIRST_LOOK_MS + LOOK_MS);
    expect(told).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
