import type { CabinetSensor, FlashRate, Light } from '../contract/cabinet-io.ts';

/** PROTOCOL.md: the only version there is. */
export const PROTOCOL_VERSION = 1;

/** §3: the letters on the line. */
export const SENSOR_LETTERS = {
  cabinetDoor: 'D',
  safeDoor: 'F',
  tamper: 'T',
  serviceKey: 'K',
  headset: 'H',
  rejectBin: 'R',
  captureBin: 'C',
} as const satisfies Record<CabinetSensor, string>;

export const LIGHT_LETTERS = {
  cardReader: 'A',
  scanner: 'B',
  documentPrinter: 'C',
  cardDispenser: 'D',
  receiptPrinter: 'E',
  statusGood: 'G',
  statusBad: 'X',
} as const satisfies Record<Light, string>;

/** §3: the digit of a rate is its place here. */
export const FLASH_RATES = [
  'off',
  'slow',
  'medium',
  'quick',
  'continuous',
] as const satisfies readonly FlashRate[];

/** §4. `unknown`: the wire is broken or shorted. */
export interface Contact {
  readonly letter: string;
  readonly wire: 'active' | 'inactive' | 'unknown';
  /** Activations, modulo 256. */
  readonly count: number;
  readonly acknowledged: number;
}

export interface Identity {
  readonly kind: 'identity';
  readonly sequence: number;
  readonly version: number;
  /** Another after each start of the controller. */
  readonly start: string;
  readonly sensors: string;
  readonly lights: string;
}

export interface ControllerState {
  readonly kind: 'state';
  /** Whether it answers a request or was sent because a contact changed: then it is owed `A`. */
  readonly cause: 'asked' | 'changed';
  readonly sequence: number;
  readonly start: string;
  /** In the order of the identity. */
  readonly rates: readonly FlashRate[];
  readonly contacts: readonly Contact[];
}

export interface Refusal {
  readonly kind: 'refusal';
  readonly sequence: number;
  readonly reason: string;
}

export type ControllerMessage = Identity | ControllerState | Refusal;

/** §3. Sequence numbers are two digits, and begin again after FF. */
export const SEQUENCES = 0x100;
const hex2 = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');

export const identify = (sequence: number): string => `Q,${hex2(sequence)}`;
export const ping = (sequence: number): string => `P,${hex2(sequence)}`;
export const showLight =
  (light: Light, rate: FlashRate) =>
  (sequence: number): string =>
    `L,${hex2(sequence)},${LIGHT_LETTERS[light]}${FLASH_RATES.indexOf(rate)}`;
export const acknowledgeCount =
  (sensor: CabinetSensor, count: number) =>
  (sequence: number): string =>
    `C,${hex2(sequence)},${SENSOR_LETTERS[sensor]}${hex2(count)}`;
export const acknowledgeChange = (sequence: number): string => `A,${hex2(sequence)}`;

const IDENTITY =
  /^I,(?<sequence>[0-9A-F]{2}),(?<version>[0-9]{1,3}),(?<start>[0-9A-F]{4}),(?<sensors>[A-Z]*),(?<lights>[A-Z]*)$/;
const STATE =
  /^(?<cause>[SE]),(?<sequence>[0-9A-F]{2}),(?<start>[0-9A-F]{4}),(?<rates>[0-4]*)(?<contacts>(,[A-Z][01X][0-9A-F]{4})*)$/;
const REFUSAL = /^N,(?<sequence>[0-9A-F]{2}),(?<reason>[A-Za-z]{1,40})$/;

/** What the body of a frame says; null for what no controller of this version says. Never throws. */
export function controllerMessageOf(body: string): ControllerMessage | null {
  const identity = IDENTITY.exec(body)?.groups;
  if (identity !== undefined) return identityOf(identity);
  const state = STATE.exec(body)?.groups;
  if (state !== undefined) return stateOf(state);
  const refusal = REFUSAL.exec(body)?.groups;
  if (refusal === undefined) return null;
  return {
    kind: 'refusal',
    sequence: fromHex(refusal['sequence']),
    reason: refusal['reason'] ?? '',
  };
}

type Groups = Readonly<Record<string, string | undefined>>;

function identityOf(groups: Groups): Identity | null {
  const { sensors = '', lights = '', start = '' } = groups;
  if (!eachOnce(sensors) || !eachOnce(lights)) return null;
  const version = Number(groups['version']);
  const sequence = fromHex(groups['sequence']);
  return { kind: 'identity', sequence, version, start, sensors, lights };
}

function stateOf(groups: Groups): ControllerState | null {
  const contacts = (groups['contacts'] ?? '').split(',').slice(1).map(contactOf);
  if (!eachOnce(contacts.map(({ letter }) => letter).join(''))) return null;
  return {
    kind: 'state',
    cause: groups['cause'] === 'E' ? 'changed' : 'asked',
    sequence: fromHex(groups['sequence']),
    start: groups['start'] ?? '',
    rates: (groups['rates'] ?? '').split('').flatMap((digit) => FLASH_RATES[Number(digit)] ?? []),
    contacts,
  };
}

const WIRE = { '0': 'inactive', '1': 'active' } as const;

function contactOf(text: string): Contact {
  const wire = text.charAt(1);
  return {
    letter: text.charAt(0),
    wire: wire === '0' || wire === '1' ? WIRE[wire] : 'unknown',
    count: fromHex(text.slice(2, 4)),
    acknowledged: fromHex(text.slice(4, 6)),
  };
}

const eachOnce = (letters: string): boolean => new Set(letters).size === letters.length;
const fromHex = (digits = ''): number => parseInt(digits, 16);
