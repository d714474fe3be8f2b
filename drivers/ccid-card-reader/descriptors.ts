/** USB 2.0 table 9-5. */
const CONFIGURATION = 0x02;
const INTERFACE = 0x04;
const ENDPOINT = 0x05;
/** CCID 1.1 table 5.1-1: the class descriptor, which follows its interface's. */
const CCID = 0x21;
const CCID_BYTES = 0x36;
/** CCID 1.1 table 4.3-1: class of the interface, and the protocol that has bulk pipes. */
const SMART_CARD_CLASS = 0x0b;
const BULK_PROTOCOL = 0x00;

/** Where the fields lie (USB 2.0 tables 9-12 and 9-13, CCID 1.1 table 5.1-1); multi-byte ones little-endian. */
const IN_INTERFACE = { number: 2, alternate: 3, class: 5, protocol: 7 } as const;
const IN_ENDPOINT = { address: 2, attributes: 3, maxPacketSize: 4 } as const;
const IN_CCID = {
  maxSlotIndex: 4,
  voltageSupport: 5,
  features: 40,
  maxMessageLength: 44,
} as const;
const DIRECTION_IN = 0x80;
const ENDPOINT_NUMBER = 0x0f;
const TRANSFER_TYPE = 0x03;
const BULK = 2;
const INTERRUPT = 3;
/** Bits 0 to 10 of wMaxPacketSize. */
const PACKET_BYTES = 0x7ff;

/** dwFeatures. */
const AUTOMATIC_PARAMETERS = 0x0000_0002;
const AUTOMATIC_VOLTAGE = 0x0000_0008;
const LEVEL_TPDU = 0x0001_0000;
const LEVEL_SHORT_APDU = 0x0002_0000;
const LEVEL_EXTENDED_APDU = 0x0004_0000;
/** bVoltageSupport, and the bPowerSelect for each (§6.1.1): the lowest first (ISO/IEC 7816-3 §6.2.3). */
const VOLTAGES = [
  { supported: 0x04, powerSelect: 0x03 },
  { supported: 0x02, powerSelect: 0x02 },
  { supported: 0x01, powerSelect: 0x01 },
] as const;
const POWER_SELECT_AUTOMATIC = 0x00;

/** What goes into one XfrBlock: characters, a transport protocol's unit, or a whole command. */
export type ExchangeLevel = 'character' | 'tpdu' | 'shortApdu' | 'extendedApdu';

/** What one CCID interface says of itself. */
export interface CcidInterface {
  readonly interfaceNumber: number;
  readonly alternateSetting: number;
  readonly bulkIn: number;
  readonly bulkOut: number;
  /** Of the bulk IN pipe. */
  readonly packetBytes: number;
  /** The pipe that tells of cards that come and go; it is optional. */
  readonly interruptIn: { readonly endpoint: number; readonly packetBytes: number } | null;
  readonly slots: number;
  readonly level: ExchangeLevel;
  /** Sets itself up for a card from its ATR. */
  readonly automaticParameters: boolean;
  /** What to power a card on with, one after another until one serves. */
  readonly powerSelects: readonly number[];
  /** Of a whole message, its header included. */
  readonly maxMessageBytes: number;
}

interface Seen {
  readonly head: Buffer;
  readonly endpoints: Buffer[];
  ccid: Buffer | null;
}

/**
 * Every CCID interface with bulk pipes in the descriptors of a device. An interface whose descriptors lack a
 * part or contradict their own lengths is left out.
 */
export function ccidInterfacesIn(descriptors: Uint8Array): readonly CcidInterface[] {
  const bytes = Buffer.from(descriptors);
  const seen: Seen[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const length = bytes.readUInt8(at);
    if (length < 2 || at + length > bytes.length) break;
    const descriptor = bytes.subarray(at, at + length);
    at += length;
    take(descriptor, seen);
  }
  return seen.flatMap((one) => shapeOf(one) ?? []);
}

function take(descriptor: Buffer, seen: Seen[]): void {
  const latest = seen.at(-1);
  switch (descriptor.readUInt8(1)) {
    case CONFIGURATION:
      return;
    case INTERFACE:
      if (descriptor.length >= 9) seen.push({ head: descriptor, endpoints: [], ccid: null });
      return;
    case ENDPOINT:
      if (descriptor.length >= 7) latest?.endpoints.push(descriptor);
      return;
    case CCID:
      if (latest !== undefined && descriptor.length === CCID_BYTES) latest.ccid = descriptor;
  }
}

function shapeOf({ head, endpoints, ccid }: Seen): CcidInterface | null {
  if (head.readUInt8(IN_INTERFACE.class) !== SMART_CARD_CLASS) return null;
  if (head.readUInt8(IN_INTERFACE.protocol) !== BULK_PROTOCOL || ccid === null) return null;
  const pipe = (type: number, direction: number) => {
    const found = endpoints.find(
      (one) =>
        (one.readUInt8(IN_ENDPOINT.attributes) & TRANSFER_TYPE) === type &&
        (one.readUInt8(IN_ENDPOINT.address) & DIRECTION_IN) === direction,
    );
    if (found === undefined) return null;
    const packetBytes = found.readUInt16LE(IN_ENDPOINT.maxPacketSize) & PACKET_BYTES;
    const endpoint = found.readUInt8(IN_ENDPOINT.address) & ENDPOINT_NUMBER;
    return packetBytes === 0 ? null : { endpoint, packetBytes };
  };
  const [bulkIn, bulkOut] = [pipe(BULK, DIRECTION_IN), pipe(BULK, 0)];
  if (bulkIn === null || bulkOut === null) return null;
  const features = ccid.readUInt32LE(IN_CCID.features);
  return {
    interfaceNumber: head.readUInt8(IN_INTERFACE.number),
    alternateSetting: head.readUInt8(IN_INTERFACE.alternate),
    bulkIn: bulkIn.endpoint,
    bulkOut: bulkOut.endpoint,
    packetBytes: bulkIn.packetBytes,
    interruptIn: pipe(INTERRUPT, DIRECTION_IN),
    slots: ccid.readUInt8(IN_CCID.maxSlotIndex) + 1,
    level: levelOf(features),
    automaticParameters: (features & AUTOMATIC_PARAMETERS) !== 0,
    powerSelects: powerSelectsOf(features, ccid.readUInt8(IN_CCID.voltageSupport)),
    maxMessageBytes: ccid.readUInt32LE(IN_CCID.maxMessageLength),
  };
}

function levelOf(features: number): ExchangeLevel {
  if ((features & LEVEL_EXTENDED_APDU) !== 0) return 'extendedApdu';
  if ((features & LEVEL_SHORT_APDU) !== 0) return 'shortApdu';
  return (features & LEVEL_TPDU) === 0 ? 'character' : 'tpdu';
}

function powerSelectsOf(features: number, voltageSupport: number): readonly number[] {
  if ((features & AUTOMATIC_VOLTAGE) !== 0) return [POWER_SELECT_AUTOMATIC];
  return VOLTAGES.filter(({ supported }) => (voltageSupport & supported) !== 0).map(
    ({ powerSelect }) => powerSelect,
  );
}
