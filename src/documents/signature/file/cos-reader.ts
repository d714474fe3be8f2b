import type { Cos, CosDictionary } from './cos.ts';
import { FileRefusal, malformed } from './file-refusal.ts';

const MAX_DEPTH = 24;
const WHITE = '\0\t\n\f\r ';
const DELIMITERS = '()<>[]{}/%';
const REGULAR = /[^\0\t\n\f\r ()<>[\]{}/%]/y;
const NUMBER = /[+-]?(?:\d{1,10}(?:\.\d{0,10})?|\.\d{1,10})(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const REFERENCE = /([1-9]\d{0,6}) (0|[1-9]\d{0,4}) R(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const NAME = /\/([^\0\t\n\f\r ()<>[\]{}/%]{0,127})/y;
const HEX_STRING = /<([0-9A-Fa-f\0\t\n\f\r ]*)>/y;

/** Reads objects one after the other (ISO 32000-1, 7.2 and 7.3). Throws `FileRefusal` at what it does not expect. */
export class CosReader {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  /** Comments have no place in a file to be printed: they are bytes that nobody looks at. */
  skipWhite(): void {
    while (this.at < this.text.length && WHITE.includes(this.text.charAt(this.at))) this.at += 1;
  }

  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at = pattern.lastIndex;
    return match;
  }

  /** Takes this word, which must be here. */
  expect(word: string): void {
    if (!this.text.startsWith(word, this.at)) malformed(`no ${word.trim()} at ${this.at}`);
    this.at += word.length;
  }

  value(depth = 0): Cos {
    if (depth > MAX_DEPTH) throw new FileRefusal({ kind: 'tooComplex', what: 'depth' });
    this.skipWhite();
    const next = this.text.charAt(this.at);
    if (next === '/') return { kind: 'name', value: this.#name() };
    if (next === '(') return this.#literalString();
    if (next === '[') return this.#array(depth);
    if (next === '<') {
      return this.text.charAt(this.at + 1) === '<' ? this.dictionary(depth) : this.#hexString();
    }
    const reference = this.take(REFERENCE);
    if (reference !== null) return { kind: 'reference', number: Number(reference[1]) };
    const number = this.take(NUMBER);
    if (number !== null) return { kind: 'number', value: Number(number[0]) };
    const word = this.#word();
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' };
    if (word === 'null') return { kind: 'null' };
    return malformed(`no object at ${this.at}`);
  }

  dictionary(depth = 0): CosDictionary {
    this.expect('<<');
    const entries = new Map<string, Cos>();
    for (;;) {
      this.skipWhite();
      if (this.text.startsWith('>>', this.at)) break;
      const key = this.#name();
      // Two readers could otherwise see two files.
      if (entries.has(key)) malformed(`two entries ${key}`);
      entries.set(key, this.value(depth + 1));
    }
    this.at += 2;
    return { kind: 'dictionary', entries };
  }

  /** A name whose escapes hide plain letters has something to hide. */
  #name(): string {
    const match = this.take(NAME);
    if (match === null) return malformed(`no name at ${this.at}`);
    return (match[1] ?? '').replace(/#(..?)?/g, (_escape, hex: string | undefined) => {
      const code = /^[0-9A-Fa-f]{2}$/.test(hex ?? '') ? Number.parseInt(hex ?? '', 16) : 0;
      const char = String.fromCharCode(code);
      const needsIt = code === 0x23 || code < 0x21 || code > 0x7e || DELIMITERS.includes(char);
      if (code === 0 || !needsIt) throw new FileRefusal({ kind: 'disguisedContent' });
      return char;
    });
  }

  #array(depth: number): Cos {
    this.at += 1;
    const items: Cos[] = [];
    for (;;) {
      this.skipWhite();
      if (this.text.charAt(this.at) === ']') break;
      items.push(this.value(depth + 1));
    }
    this.at += 1;
    return { kind: 'array', items };
  }

  #hexString(): Cos {
    const match = this.take(HEX_STRING);
    if (match === null) return malformed(`no string at ${this.at}`);
    return { kind: 'string', value: match[1] ?? '', hexadecimal: true };
  }

  #literalString(): Cos {
    const start = this.at + 1;
    let open = 0;
    for (; this.at < this.text.length; this.at += 1) {
      const char = this.text.charAt(this.at);
      if (char === '\\') this.at += 1;
      else if (char === '(') open += 1;
      else if (char === ')') {
        open -= 1;
        if (open === 0) break;
      }
    }
    if (this.at >= this.text.length) malformed('a string without an end');
    this.at += 1;
    return { kind: 'string', value: this.text.slice(start, this.at - 1), hexadecimal: false };
  }

  #word(): string {
    const start = this.at;
    while (this.take(REGULAR) !== null && this.at - start < 6);
    return this.text.slice(start, this.at);
  }
}
