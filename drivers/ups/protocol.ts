import { err, ok, type Result } from '../../src/base/result.ts';

/*
 * The client's half of the protocol of upsd: NUT developer guide, chapter "Network protocol information",
 * and RFC 9271. Each constant names the section of the guide that it comes from.
 */

/** IANA service `nut` (introduction of the chapter). */
export const NUT_PORT = 3493;

/**
 * Lines end with LF. Neither document bounds their length; upsd of NUT 2.8 cuts its own answers at 512 bytes.
 */
export const MAX_LINE_BYTES = 1024;
const LF = 0x0a;
const CR = 0x0d;

/** More variables than any UPS has; the longest lists of real drivers have some 150. */
export const MAX_VARIABLES = 1000;

/** Section "LIST": `LIST VAR <upsname>` is answered by all variables of one moment. */
export const listVariables = (ups: string): string => `LIST VAR ${quoted(ups)}`;
/** Sections "USERNAME" and "PASSWORD": each is answered by `OK`. upsd looks at neither before LOGIN. */
export const username = (name: string): string => `USERNAME ${quoted(name)}`;
export const password = (secret: string): string => `PASSWORD ${quoted(secret)}`;
/** Section "LOGOUT": upsd closes the connection. */
export const LOGOUT = 'LOGOUT';

/** Section "Command reference": words of several elements stand in quotes, quote and backslash after a backslash. */
const quoted = (word: string): string =>
  /^[\w.@-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`;

/** Section "Error responses": what they mean for a driver that only reads. */
const errorKinds = {
  'ACCESS-DENIED': 'accessDenied',
  'UNKNOWN-UPS': 'unknownUps',
  'DRIVER-NOT-CONNECTED': 'driverNotConnected',
  'DATA-STALE': 'dataStale',
} as const;

/**
 * Why nothing is known of the UPS. `refused`: another error of upsd's, that a driver which only reads has no
 * use for. `notNut`: what came is no answer to what was asked.
 */
export type NutFault =
  (typeof errorKinds)[keyof typeof errorKinds] | 'refused' | 'notNut' | 'lineTooLong';

/** Cuts a stream into lines without their end. A line that never ends is a fault, after which nothing is read. */
export class LineSplitter {
  #rest: number[] = [];
  #broken = false;

  push(bytes: Uint8Array): Result<readonly string[], 'lineTooLong'> {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === LF) {
        lines.push(this.#line());
        continue;
      }
      if (this.#broken || this.#rest.length === MAX_LINE_BYTES) {
        this.#broken = true;
        this.#rest = [];
        return err('lineTooLong');
      }
      this.#rest.push(byte);
    }
    return ok(lines);
  }

  /** Makers write their names in any character set; what a terminal reads is ASCII. */
  #line(): string {
    if (this.#rest.at(-1) === CR) this.#rest.pop();
    const line = Buffer.from(this.#rest).toString('latin1');
    this.#rest = [];
    return line;
  }
}

/** The words of a line, or null where quotes do not pair up. */
export function wordsOf(line: string): readonly string[] | null {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (line[at] === ' ') {
      at += 1;
      continue;
    }
    const word = line[at] === '"' ? QUOTED_WORD : BARE_WORD;
    word.lastIndex = at;
    const [found] = word.exec(line) ?? [];
    if (found === undefined) return null;
    words.push(found.startsWith('"') ? found.slice(1, -1).replace(/\\(.)/g, '$1') : found);
    at += found.length;
  }
  return words;
}

const QUOTED_WORD = /"(?:[^"\\]|\\.)*"(?= |$)/y;
const BARE_WORD = /[^ "]+(?= |$)/y;

/** `OK`, with or without words behind it. */
export function readOk(line: string): Result<null, NutFault> {
  const words = wordsOf(line);
  return words?.[0] === 'OK' ? ok(null) : err(faultOf(words));
}

export type Variables = ReadonlyMap<string, string>;

/** Reads the answer to `listVariables` line by line: BEGIN, one VAR a variable, END, of that UPS and no other. */
export class VariableList {
  readonly #ups: string;
  readonly #variables = new Map<string, string>();
  #begun = false;

  constructor(ups: string) {
    this.#ups = ups;
  }

  /** null: there is more to come. After anything else nothing is taken any more. */
  take(line: string): Result<Variables, NutFault> | null {
    const words = wordsOf(line);
    if (!this.#begun) {
      if (!isWords(words, ['BEGIN', 'LIST', 'VAR', this.#ups])) return err(faultOf(words));
      this.#begun = true;
      return null;
    }
    if (isWords(words, ['END', 'LIST', 'VAR', this.#ups])) return ok(this.#variables);
    const [, , name, value] = words ?? [];
    const fits = isWords(words?.slice(0, 2) ?? null, ['VAR', this.#ups]) && words?.length === 4;
    if (!fits || name === undefined || value === undefined) return err('notNut');
    if (this.#variables.has(name) || this.#variables.size === MAX_VARIABLES) return err('notNut');
    this.#variables.set(name, value);
    return null;
  }
}

const isWords = (words: readonly string[] | null, expected: readonly string[]): boolean =>
  words?.length === expected.length && expected.every((word, index) => words[index] === word);

/** `ERR <message> [<extra>...]`, or nothing that upsd says. */
function faultOf(words: readonly string[] | null): NutFault {
  const [first, message = ''] = words ?? [];
  if (first !== 'ERR') return 'notNut';
  return Object.hasOwn(errorKinds, message)
    ? errorKinds[message as keyof typeof errorKinds]
    : 'refused';
}
