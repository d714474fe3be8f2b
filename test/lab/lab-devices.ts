/** What the guest has to tell something of, by the names under which it tells. */
export const LAB_DEVICES = [
  'HID POS code scanner',
  'HID code scanner that types',
  'CDC-ACM code scanner',
  'CDC-ACM code scanner by its ids',
  'USB printer-class card printer',
  'CDC-ACM receipt printer',
  'USB printer-class receipt printer',
  'USB CCID reader, by pcscd and libccid',
  'USB CCID reader, raw',
] as const;

/** A line for each device that was passed over, and each that nobody expects; none where all were told of. */
export function strayDevices(told: ReadonlySet<string>): string[] {
  const expected: ReadonlySet<string> = new Set(LAB_DEVICES);
  return [
    ...[...expected].filter((device) => !told.has(device)).map((device) => `${device} was skipped`),
    ...[...told]
      .filter((device) => !expected.has(device))
      .map((device) => `${device} is not in the list`),
  ];
}
