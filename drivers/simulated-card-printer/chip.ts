import type { ChipMemory } from './parts.ts';

/**
 * The specimen application. Its identifier is ours (0xF0 opens the proprietary range of ISO 7816-4
 * §12.2.3, 'ANJ1' follows) and is deliberately not that of any card in use.
 */
export const SPECIMEN_AID_HEX = 'f0414e4a31';

/** Transparent files of the application and their sizes in bytes. A blank holds zeroes. */
export const SPECIMEN_FILES: Readonly<Record<string, number>> = {
  /** Personal data. */
  '0101': 4096,
  /** Photo. */
  '0102': 16384,
  /** Digest or signature over the two. */
  '0103': 512,
  /** Fingers. */
  '0104': 4096,
  '0105': 4096,
};

/** ISO 7816-4 §5.6 status words. */
const OK = '9000';
const END_OF_FILE = '6282';
const WRONG_LENGTH = '6700';
const NO_CURRENT_FILE = '6986';
const NOT_FOUND = '6a82';
const WRONG_PARAMETERS = '6a86';
const OUT_OF_FILE = '6b00';
const UNKNOWN_INSTRUCTION = '6d00';
const UNKNOWN_CLASS = '6e00';

export interface ChipReply {
  readonly responseHex: string;
  /** The file that an accepted UPDATE BINARY touched. */
  readonly wroteFile: string | null;
}

const reply = (responseHex: string): ChipReply => ({ responseHex, wroteFile: null });

/**
 * The chip of a blank while it lies at the contactless station: SELECT, READ BINARY, UPDATE BINARY of
 * ISO 7816-4, and the reader's own FF CA 00 00 (PC/SC part 3 §3.2.2.1.3) for the UID. What is selected
 * is forgotten with the field; the bytes stay in the blank.
 */
export class SpecimenChip {
  readonly #memory: ChipMemory;
  #applicationSelected = false;
  #file: string | null = null;

  constructor(memory: ChipMemory) {
    this.#memory = memory;
  }

  transmit(apdu: Buffer): ChipReply {
    const [cla = 0, ins = 0, p1 = 0, p2 = 0] = apdu;
    if (cla === 0xff && ins === 0xca) return reply(`${this.#memory.uidHex}${OK}`);
    if (cla !== 0x00) return reply(UNKNOWN_CLASS);
    switch (ins) {
      case 0xa4:
        return this.#select(p1, p2, apdu);
      case 0xb0:
        return this.#read(p1, p2, apdu);
      case 0xd6:
        return this.#update(p1, p2, apdu);
      default:
        return reply(UNKNOWN_INSTRUCTION);
    }
  }

  #select(p1: number, p2: number, apdu: Buffer): ChipReply {
    const data = dataOf(apdu);
    if (data === null) return reply(WRONG_LENGTH);
    const name = data.toString('hex');
    if (p1 === 0x04 && (p2 === 0x00 || p2 === 0x0c)) {
      this.#applicationSelected = name === SPECIMEN_AID_HEX;
      this.#file = null;
      return reply(this.#applicationSelected ? OK : NOT_FOUND);
    }
    if ((p1 === 0x00 || p1 === 0x02) && (p2 === 0x00 || p2 === 0x0c)) {
      if (!this.#applicationSelected || !(name in SPECIMEN_FILES)) return reply(NOT_FOUND);
      this.#file = name;
      return reply(OK);
    }
    return reply(WRONG_PARAMETERS);
  }

  #read(p1: number, p2: number, apdu: Buffer): ChipReply {
    if (apdu.length !== 5) return reply(WRONG_LENGTH);
    const file = this.#current(p1);
    if (file === null) return reply(NO_CURRENT_FILE);
    const offset = (p1 << 8) | p2;
    const expected = apdu[4] === 0 ? 256 : (apdu[4] ?? 0);
    if (offset >= file.bytes.length) return reply(OUT_OF_FILE);
    const data = file.bytes.subarray(offset, offset + expected);
    return reply(data.toString('hex') + (data.length < expected ? END_OF_FILE : OK));
  }

  #update(p1: number, p2: number, apdu: Buffer): ChipReply {
    const file = this.#current(p1);
    if (file === null) return reply(NO_CURRENT_FILE);
    const data = dataOf(apdu);
    if (data === null) return reply(WRONG_LENGTH);
    const offset = (p1 << 8) | p2;
    if (offset + data.length > file.bytes.length) return reply(OUT_OF_FILE);
    data.copy(file.bytes, offset);
    this.#memory.files[file.name] = file.bytes.toString('hex');
    return { responseHex: OK, wroteFile: file.name };
  }

  /** Bit 8 of P1 would address by short file identifier (§7.2.2), which these files have none of. */
  #current(p1: number): { name: string; bytes: Buffer } | null {
    const name = this.#file;
    if (name === null || (p1 & 0x80) !== 0) return null;
    const stored = this.#memory.files[name];
    const bytes =
      stored === undefined ? Buffer.alloc(SPECIMEN_FILES[name] ?? 0) : Buffer.from(stored, 'hex');
    return { name, bytes };
  }
}

/** The data field of a short command, or null where Lc and the length disagree. */
function dataOf(apdu: Buffer): Buffer | null {
  const lc = apdu[4];
  if (lc === undefined || lc === 0) return null;
  const rest = apdu.length - 5 - lc;
  return rest === 0 || rest === 1 ? apdu.subarray(5, 5 + lc) : null;
}
