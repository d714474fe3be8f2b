import { err, ok, type Result } from '../../src/base/result.ts';

/**
 * The command language of Evolis card printers, after the Programming Guide A5013 rev. E ("the guide"). It
 * describes parallel and serial ports; what is assumed beyond it is told in the README of this folder.
 */

/** Chapter 2: ESC, letters, parameters each after a semicolon, CR. Recorded streams have the CR after data too. */
const ESC = 0x1b;
const SEPARATOR = ';';
const STOP = 0x0d;

export type Panel = 'y' | 'm' | 'c' | 'k';

export const command = (name: string, ...parameters: readonly (string | number)[]): Uint8Array =>
  Buffer.concat([
    Buffer.of(ESC),
    Buffer.from([name, ...parameters].join(SEPARATOR), 'latin1'),
    Buffer.of(STOP),
  ]);

/** `Db`: a whole plane, uncompressed (chapter 4). */
export const download = (panel: Panel, levels: 2 | 32, plane: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.of(ESC),
    Buffer.from(`Db;${panel};${levels};`, 'latin1'),
    plane,
    Buffer.of(STOP),
  ]);

/** Longer than anything the guide prints; what goes on beyond it is no answer. */
export const MAX_REPLY_BYTES = 128;

export type ReplyFault = 'tooLong' | 'notPrintable' | 'tooMany';

/** What of one answer has come so far. */
export interface Heard {
  readonly text: string;
  readonly ended: boolean;
}

export const nothingHeard: Heard = { text: '', ended: false };

/**
 * Adds bytes to an answer. The guide does not say how one ends: NUL is what a public tool waits for, and CR or
 * LF are taken for an end as well. NULs before the first letter are padding. Letters after the end are an
 * answer of which nobody asked, and make this one doubtful.
 */
export function hear(before: Heard, bytes: Uint8Array): Result<Heard, ReplyFault> {
  let { text, ended } = before;
  for (const byte of bytes) {
    if (byte === 0 || byte === STOP || byte === 0x0a) {
      ended = ended || text !== '';
      continue;
    }
    if (ended) return err('tooMany');
    if (byte < 0x20 || byte > 0x7e) return err('notPrintable');
    text += String.fromCharCode(byte);
    if (text.length > MAX_REPLY_BYTES) return err('tooLong');
  }
  return ok({ text: ended ? text.trim() : text, ended });
}

/** `Rlr;p`: `NO CARD` or `ERR CARD`; null for anything else, which says nothing of a card. */
export const saysCardInside = (reply: string): boolean | null =>
  reply === 'NO CARD' ? false : reply === 'ERR CARD' ? true : null;

/** `Rcr`: `OK` while the ribbon is not at its end mark; the guide prints no text for one that is. */
export const saysRibbonGood = (reply: string): boolean | null =>
  reply === 'OK' ? true : saysCardInside(reply) === null && countOf(reply) === null ? false : null;

/** `Rco;…`: a count in decimal; null for anything else. */
export function countOf(reply: string): number | null {
  return /^\d{1,9}$/.test(reply) ? Number(reply) : null;
}

/** `Sk;f` and `Sk;w`: 0 none, 1 the first, 2 the second, 3 both; null for anything else. */
export function feedersOf(reply: string): ReadonlySet<number> | null {
  const known: Readonly<Record<string, readonly number[]>> = {
    '0': [],
    '1': [1],
    '2': [2],
    '3': [1, 2],
  };
  const found = Object.hasOwn(known, reply) ? known[reply] : undefined;
  return found === undefined ? null : new Set(found);
}

/** USB Printer Class 1.1, §4.2.2, GET_PORT_STATUS: the lines of the parallel port. */
const PAPER_EMPTY = 0x20;
const NOT_ERROR = 0x08;

export interface PortStatus {
  /** No card came, or the ribbon ended (the guide: PAPER-END). */
  readonly outOfMedia: boolean;
  /** A jam or another mechanical fault (the guide: FAULT). */
  readonly fault: boolean;
}

export const portStatusOf = (byte: number): PortStatus => ({
  outOfMedia: (byte & PAPER_EMPTY) !== 0,
  fault: (byte & NOT_ERROR) === 0,
});
