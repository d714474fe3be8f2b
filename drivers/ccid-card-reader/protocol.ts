import { err, ok, type Result } from '../../src/base/result.ts';

/** Every message on a bulk pipe begins with so many bytes (CCID 1.1 §6.1, §6.2). */
export const HEADER_BYTES = 10;

/** RDR_to_PC messages on the bulk pipe (§6.2). */
const DATA_BLOCK = 0x80;
const SLOT_STATUS = 0x81;

/** PC_to_RDR messages (§6.1), each with the message that answers it (table 6.1-2). */
const COMMANDS = {
  iccPowerOn: { type: 0x62, answer: DATA_BLOCK },
  iccPowerOff: { type: 0x63, answer: SLOT_STATUS },
  getSlotStatus: { type: 0x65, answer: SLOT_STATUS },
  xfrBlock: { type: 0x6f, answer: DATA_BLOCK },
  abort: { type: 0x72, answer: SLOT_STATUS },
} as const;
export type CommandName = keyof typeof COMMANDS;

/** wLevelParameter and bChainParameter of a command or answer in several blocks (§6.1.4, §6.2.1). */
export const CHAIN = { whole: 0x00, begins: 0x01, ends: 0x02, goesOn: 0x03, next: 0x10 } as const;

/** bmICCStatus (§6.2.6). */
const CARD_STATES = ['active', 'inactive', 'absent'] as const;
/** bmCommandStatus (§6.2.6). */
const COMMAND_STATES = ['done', 'failed', 'timeExtension'] as const;

/** bError of a failed command (table 6.2-2). */
const ERRORS: Readonly<Record<number, string>> = {
  0xff: 'cmdAborted',
  0xfe: 'iccMute',
  0xfd: 'xfrParityError',
  0xfc: 'xfrOverrun',
  0xfb: 'hwError',
  0xf8: 'badAtrTs',
  0xf7: 'badAtrTck',
  0xf6: 'iccProtocolNotSupported',
  0xf5: 'iccClassNotSupported',
  0xf4: 'procedureByteConflict',
  0xf3: 'deactivatedProtocol',
  0xf2: 'busyWithAutoSequence',
  0xf0: 'pinTimeout',
  0xef: 'pinCancelled',
  0xe0: 'cmdSlotBusy',
  0x00: 'cmdNotSupported',
};
export const ICC_MUTE = 'iccMute';

/** RDR_to_PC messages on the interrupt pipe (§6.3). */
const NOTIFY_SLOT_CHANGE = 0x50;
const HARDWARE_ERROR = 0x51;
const SLOTS_A_BYTE = 4;

export interface Message {
  readonly slot: number;
  readonly sequence: number;
  /** bPowerSelect of a power on, bBWI of a block; 0 elsewhere. */
  readonly first?: number;
  /** wLevelParameter of a block; 0 elsewhere. */
  readonly level?: number;
  readonly data?: Uint8Array;
}

export function encode(name: CommandName, message: Message): Uint8Array {
  const { slot, sequence, first = 0, level = 0, data = new Uint8Array(0) } = message;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(COMMANDS[name].type, 0);
  header.writeUInt32LE(data.length, 1);
  header.writeUInt8(slot, 5);
  header.writeUInt8(sequence, 6);
  header.writeUInt8(first, 7);
  header.writeUInt16LE(level, 8);
  return Buffer.concat([header, data]);
}

export interface Reply {
  readonly slot: number;
  readonly sequence: number;
  readonly card: (typeof CARD_STATES)[number];
  readonly command: (typeof COMMAND_STATES)[number];
  /** bError as it is; of a time extension the multiplier. */
  readonly error: number;
  /** bChainParameter of a data block. */
  readonly chain: number;
  readonly data: Uint8Array;
  readonly isDataBlock: boolean;
}

/**
 * `tooShort`: not even a header. `lengthLies`: more or less data than dwLength says. `unknownType` and
 * `reservedStatus`: values that the standard has not given out.
 */
export type ReplyFault = 'tooShort' | 'lengthLies' | 'unknownType' | 'reservedStatus';

/** Bytes of the whole message that begins so; null where its header is not all there. */
export function messageBytesOf(beginning: Uint8Array): number | null {
  if (beginning.length < HEADER_BYTES) return null;
  return HEADER_BYTES + Buffer.from(beginning).readUInt32LE(1);
}

export function parseReply(message: Uint8Array): Result<Reply, ReplyFault> {
  const bytes = Buffer.from(message);
  const length = messageBytesOf(bytes);
  if (length === null) return err('tooShort');
  if (length !== bytes.length) return err('lengthLies');
  const type = bytes.readUInt8(0);
  if (type !== DATA_BLOCK && type !== SLOT_STATUS) return err('unknownType');
  const status = bytes.readUInt8(7);
  const card = CARD_STATES[status & 0x03];
  const command = COMMAND_STATES[status >> 6];
  if (card === undefined || command === undefined) return err('reservedStatus');
  return ok({
    slot: bytes.readUInt8(5),
    sequence: bytes.readUInt8(6),
    card,
    command,
    error: bytes.readUInt8(8),
    chain: bytes.readUInt8(9),
    data: bytes.subarray(HEADER_BYTES),
    isDataBlock: type === DATA_BLOCK,
  });
}

/** A command that failed may be answered by a mere slot status (§6.2.6). */
export const isAnswerTo = (name: CommandName, { isDataBlock, command }: Reply): boolean =>
  isDataBlock === (COMMANDS[name].answer === DATA_BLOCK) || (command === 'failed' && !isDataBlock);

/** The name of a failed command's error; those below 0x80 point at the byte that the reader did not like. */
export const errorNameOf = (code: number): string =>
  ERRORS[code] ?? (code < 0x80 ? `badByte${code}` : `error${code.toString(16)}`);

export interface SlotNotice {
  readonly present: boolean;
  /** Something changed since the last notice, perhaps more than once. */
  readonly changed: boolean;
}

/** What came on the interrupt pipe: one notice a slot, `hardwareError`, or null for what is neither. */
export function parseNotice(
  message: Uint8Array,
  slots: number,
): readonly SlotNotice[] | 'hardwareError' | null {
  const [type, ...bits] = message;
  if (type === HARDWARE_ERROR) return 'hardwareError';
  if (type !== NOTIFY_SLOT_CHANGE || bits.length < Math.ceil(slots / SLOTS_A_BYTE)) return null;
  return Array.from({ length: slots }, (_, slot) => {
    const two = (bits[Math.floor(slot / SLOTS_A_BYTE)] ?? 0) >> (2 * (slot % SLOTS_A_BYTE));
    return { present: (two & 1) !== 0, changed: (two & 2) !== 0 };
  });
}
