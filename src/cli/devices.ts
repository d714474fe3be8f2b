import type { BusFault } from '../../drivers/contract/bus-listing.ts';
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
  return {
    json: inventory.value,
    lines: [
      ...table([['', 'device', 'driver', 'where', 'who must act'], ...rows]),
      ...faults.map(({ bus, fault }) => `The ${bus} bus could not be read: ${faultWords(fault)}.`),
    ],
    exitStatus: exitStatusOf(lines),
  };
}

/**
 * A device that could not be looked for leaves the question open, whatever else was found. A bus that
 * cannot be read and on which no device is looked for leaves nothing open.
 */
export function exitStatusOf(lines: readonly Pick<InventoryLine, 'kind'>[]): number {
  if (lines.some(({ kind }) => kind === 'unknowable')) return NO_ANSWER;
  const bad: readonly InventoryLine['kind'][] = ['missing', 'ambiguous', 'unknown'];
  return lines.some(({ kind }) => bad.includes(kind)) ? BAD_NEWS : GOOD;
}

function faultWords(fault: BusFault): string {
  switch (fault.kind) {
    case 'noBus':
      return 'this machine shows none';
    case 'missingLibrary': {
      const { library, debianPackage } = fault;
      return `${library} is not installed${debianPackage === null ? '' : ` (Debian package ${debianPackage})`}`;
    }
    case 'missingProgram':
      return `${fault.program} is not installed (Debian package ${fault.debianPackage})`;
    default:
      return assertNever(fault);
  }
}
