/** One thing known of a citizen, and how to tell that bytes hold it. */
export interface Canary {
  /** Never the value itself. */
  readonly name: string;
  readonly isIn: (bytes: Buffer) => boolean;
}

/** Long enough that chance does not make it. */
export const MIN_TEXT = 8;
const SLICE = 24;
const DISTINCT = 18;

/** A text in UTF-8, UTF-16, hexadecimal and base64 at each of its three alignments. */
export function textCanary(name: string, text: string): Canary {
  if (text.length < MIN_TEXT) throw new Error(`${name} is too short to be looked for as it is`);
  const plain = Buffer.from(text);
  const forms = [
    plain,
    Buffer.from(text, 'utf16le'),
    Buffer.from(plain.toString('hex')),
    ...base64Forms(plain),
  ];
  return { name, isIn: (bytes) => forms.some((form) => bytes.includes(form)) };
}

/**
 * Digits that are few enough to occur by chance, in ASCII only where no letter or digit is beside them. In UTF-16
 * chance does not make them.
 */
export function digitsCanary(name: string, digits: string): Canary {
  const alone = new RegExp(`(?<![0-9A-Za-z.])${digits}(?![0-9A-Za-z.])`);
  const first = Buffer.from(digits);
  const wide = Buffer.from(digits, 'utf16le');
  return {
    name,
    isIn: (bytes) => {
      for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
        const around = bytes.subarray(Math.max(0, at - 1), at + digits.length + 1);
        if (alone.test(around.toString('latin1'))) return true;
      }
      return bytes.includes(wide);
    },
  };
}

/** Pieces of a picture or a PDF, raw, in base64 and in hexadecimal as chips are spoken to. */
export function bytesCanary(name: string, whole: Buffer): Canary {
  const tenth = Math.floor(whole.length / 10);
  const pieces = [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((n) => pieceIn(whole, n * tenth, tenth));
  if (pieces.length === 0) throw new Error(`${name} has no piece of its own`);
  const forms = pieces.flatMap((piece) => [
    piece,
    Buffer.from(piece.toString('hex')),
    ...base64Forms(piece),
  ]);
  return { name, isIn: (bytes) => forms.some((form) => bytes.includes(form)) };
}

/** The first piece of a stretch that would not be found anywhere, as padding and plain words would. */
function pieceIn(whole: Buffer, from: number, length: number): Buffer[] {
  for (let at = from; at + SLICE <= from + length; at += SLICE) {
    const piece = whole.subarray(at, at + SLICE);
    if (new Set(piece).size >= DISTINCT && piece.some((byte) => byte > 0x7f)) return [piece];
  }
  return [];
}

/** What is common to base64 of anything that holds these bytes, for each position modulo three. */
function base64Forms(plain: Buffer): Buffer[] {
  return [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), plain])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters depend on the neighbours.
    return Buffer.from(padded.slice(shift === 0 ? 0 : shift + 1, -1));
  });
}
