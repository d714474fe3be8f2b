import { StreamBreach, type PrinterCommand } from './simulator-parser.ts';

/** A line as it can be read off the paper, spaces before it included. */
export type PrintedLine =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly emphasized: boolean;
      readonly double: boolean;
    }
  | { readonly kind: 'qr'; readonly content: string };

interface Character {
  readonly character: string;
  readonly wide: number;
  readonly emphasized: boolean;
}

type Printing = Extract<
  PrinterCommand,
  {
    readonly kind:
      | 'character'
      | 'lineFeed'
      | 'initialize'
      | 'emphasis'
      | 'align'
      | 'size'
      | 'qrModule'
      | 'qrContent'
      | 'qrPrint';
  }
>;

const COLUMN_DOTS = 12;
/** ISO/IEC 18004 table 1: modules of a side, by version. Which version a content takes is the printer's own reckoning. */
const sideOf = (version: number): number => 21 + 4 * (version - 1);
/** Table 7, error correction M, bytes: the last is version 14. */
const CAPACITY = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362];

/** The head: settings, the line that is being put together, and what is on the paper below it. */
export class PrintHead {
  readonly #columns: number;
  #emphasis = false;
  #align: 'left' | 'center' | 'right' = 'left';
  #size = { width: 1, height: 1 };
  #line: Character[] = [];
  #qrDots = 3;
  #qrContent: string | null = null;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Forgets settings and the line that is not printed yet. */
  reset(): void {
    this.#emphasis = false;
    this.#align = 'left';
    this.#size = { width: 1, height: 1 };
    this.#line = [];
    this.#qrContent = null;
  }

  /** What the command puts on the paper, if anything. Throws `StreamBreach` on what the paper cannot take. */
  print(command: Printing): PrintedLine | null {
    switch (command.kind) {
      case 'initialize':
        this.reset();
        return null;
      case 'emphasis':
        this.#emphasis = command.on;
        return null;
      case 'align':
        this.#align = command.to;
        return null;
      case 'size':
        if (command.width !== command.height || command.width > 2) {
          throw new StreamBreach('a size that a receipt has not');
        }
        this.#size = command;
        return null;
      case 'character':
        this.#line.push({
          character: command.character,
          wide: this.#size.width,
          emphasized: this.#emphasis,
        });
        return null;
      case 'lineFeed':
        return this.#lineFeed();
      case 'qrModule':
        if (command.dots < 1 || command.dots > 16) throw new StreamBreach('no such module size');
        this.#qrDots = command.dots;
        return null;
      case 'qrContent':
        this.#qrContent = command.content;
        return null;
      case 'qrPrint':
        return this.#printQr();
    }
  }

  #lineFeed(): PrintedLine {
    const line = this.#line;
    this.#line = [];
    const width = line.reduce((sum, { wide }) => sum + wide, 0);
    if (width > this.#columns) throw new StreamBreach('a line is wider than the paper');
    const room = this.#columns - width;
    const before = { left: 0, center: Math.floor(room / 2), right: room }[this.#align];
    const ink = line.filter(({ character }) => character !== ' ');
    return {
      kind: 'text',
      text: ' '.repeat(before) + line.map(({ character }) => character).join(''),
      emphasized: ink.length > 0 && ink.every(({ emphasized }) => emphasized),
      double: ink.length > 0 && ink.every(({ wide }) => wide === 2),
    };
  }

  /** The reference, `GS ( k` function 181: a symbol wider than the print area is not printed. */
  #printQr(): PrintedLine | null {
    const content = this.#qrContent;
    if (content === null) throw new StreamBreach('no QR code was stored');
    const version = CAPACITY.findIndex((bytes) => bytes >= content.length) + 1;
    if (version === 0) throw new StreamBreach('a QR code longer than this simulation has');
    const fits = sideOf(version) * this.#qrDots <= this.#columns * COLUMN_DOTS;
    if (this.#align !== 'center') throw new StreamBreach('a QR code stands in the middle');
    return fits ? { kind: 'qr', content } : null;
  }
}
