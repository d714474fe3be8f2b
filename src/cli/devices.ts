import { assertNever } from '../base/assert.ts';
import { configErrorLines, loadConfig } from '../core/config/load.ts';
import { deviceConfigs, knownOnUsb } from '../core/device-configs.ts';
import { takeBusInventory } from '../devices/bus-inventory.ts';
import type { InventoryLine } from '../devices/inventory-comparison.ts';
import type { WhoActs } from '../rpc/who-acts.ts';
import { whoActsWords } from './device-words.ts';
import { hex, placeWords, unknownDeviceWords } from './bus-words.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, table, type Report } from './output.ts';

/** A device that is not there has to be plugged in, one that nobody knows taken out or configured. */
const whoMustAct: Readonly<Record<InventoryLine['kind'], WhoActs>> = {
  expected: 'nobody',
  elsewhere: 'nobody',
  missing: 'technician',
  unknowable: 'administrator',
  ambiguous: 'administrator',
  unknown: 'technician',
};

function where(line: InventoryLine): string {
  if (line.kind === 'unknown') return `${unknownDeviceWords(line)} ${line.path ?? ''}`.trim();
  if (line.kind === 'ambiguous') {
    const which = line.candidates
      .map((one) => placeWords(one) || unknownDeviceWords(one))
      .join(', or ');
    return `${which}: give its serialNumber or port`;
  }
  const { expectation } = line;
  switch (expectation.kind) {
    case 'usb':
      return `usb ${hex(expectation.vendorId)}:${hex(expectation.productId)} ${placeWords(expectation)}`.trim();
    case 'path':
      return expectation.path;
    case 'anyOfItsKind':
      return 'any of its kind: give its vendorId and productId';
    case 'unsaid':
      return 'its driver cannot say: anjungan config check';
    case 'elsewhere':
      return 'behind a daemon, a network or a socket';
    default:
      return assertNever(expectation);
  }
}

/** `anjungan devices`: what USB, HID and serial show, against the cabinet profile of the configuration. */
export async function devices(configFile: string): Promise<Report> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) {
    const { error } = loaded;
    return { json: { error }, lines: configErrorLines(error), exitStatus: NO_ANSWER };
  }
  const { config } = loaded.value;
  const inventory = await takeBusInventory(deviceConfigs(config), knownOnUsb(config));
  if (!inventory.ok) {
    const lines = ['The buses could not be read: the program that lists them failed.'];
    return { json: { error: inventory.error }, lines, exitStatus: NO_ANSWER };
  }
  const { lines, faults } = inventory.value;
  const rows = lines.map((line) => [
    line.kind,
    line.kind === 'unknown' ? '-' : line.device,
    line.kind === 'unknown' ? '-' : line.driver,
    where(line),
    whoActsWords[whoMustAct[line.kind]],
  ]);
  const bad = lines.some(({ kind }) => kind === 'missing' || kind === 'ambiguous');
  return {
    json: inventory.value,
    lines: [
      ...table([['', 'device', 'driver', 'where', 'who must act'], ...rows]),
      ...faults.map(({ bus, fault }) => `The ${bus} bus could not be read: ${fault.kind}.`),
    ],
    exitStatus: bad ? BAD_NEWS : GOOD,
  };
}
