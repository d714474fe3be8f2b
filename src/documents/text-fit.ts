import { PT_PER_MM } from './units.ts';

export interface TextSlot {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly maxLines: number;
  readonly sizePt: number;
  /** No text is set smaller than this. */
  readonly floorPt: number;
}

export interface FittedText {
  readonly lines: readonly string[];
  readonly sizePt: number;
  readonly lineHeightMm: number;
  /** True when letters had to be left out; each place is shown by `…`. */
  readonly abbreviated: boolean;
}

/** Width in millimetres of one line set at one point; a line grows in proportion to its size. */
export type Measure = (text: string) => number;

type Fits = (text: string, sizePt: number) => boolean;

const STEP_PT = 0.25;
/** Room for an accented capital over a descender of the line above. */
const LEADING = 1.2;
const ELLIPSIS = '…';
const graphemes = new Intl.Segmenter('id', { granularity: 'grapheme' });

export const lineHeightMm = (sizePt: number): number => (sizePt * LEADING) / PT_PER_MM;

/** NFC, one space between words, no control or invisible formatting characters. */
export function tidyText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/**
 * The one rule by which text is made to fit its slot. The first step that fits wins:
 * 1. one line, from the nominal size down to the floor in quarter points;
 * 2. as many lines as the slot permits, broken at spaces, at the largest size at which they fit; a word
 *    longer than a line is broken between letters, at the floor only;
 * 3. at the floor, middle words of more than three letters shortened to `A…` one by one, the last of them
 *    first; the first and the last word stay;
 * 4. at the floor, cut off and ended by `…`.
 * The lines never exceed the slot, whatever the text.
 */
export function fitText(rawText: string, slot: TextSlot, measure: Measure): FittedText {
  const text = tidyText(rawText);
  const sizes = sizesOf(slot);
  const fits = fitsInto(slot.widthMm, measure);
  for (const sizePt of sizes) {
    if (fits(text, sizePt)) return fitted([text], sizePt, false);
  }
  for (const sizePt of sizes) {
    const lines = wrapAtSpaces(text, sizePt, slot, fits);
    if (lines !== null) return fitted(lines, sizePt, false);
  }
  const floor = sizes.at(-1) ?? slot.floorPt;
  const broken = breakAnywhere(text, floor, slot, fits);
  if (broken.rest === '' && linesAt(floor, slot) > 1) return fitted(broken.lines, floor, false);
  let shortest = text;
  for (const shorter of shortenedMiddles(text)) {
    const lines = wrapAtSpaces(shorter, floor, slot, fits);
    if (lines !== null) return fitted(lines, floor, true);
    shortest = shorter;
  }
  return fitted(cutOff(shortest, floor, slot, fits), floor, true);
}

function fitted(lines: readonly string[], sizePt: number, abbreviated: boolean): FittedText {
  return {
    lines: lines.filter((line) => line !== ''),
    sizePt,
    lineHeightMm: lineHeightMm(sizePt),
    abbreviated,
  };
}

function sizesOf(slot: TextSlot): number[] {
  const sizes: number[] = [];
  for (let sizePt = slot.sizePt; sizePt > slot.floorPt; sizePt -= STEP_PT) sizes.push(sizePt);
  sizes.push(slot.floorPt);
  return sizes.filter((sizePt) => lineHeightMm(sizePt) <= slot.heightMm);
}

const linesAt = (sizePt: number, slot: TextSlot): number =>
  Math.min(slot.maxLines, Math.floor(slot.heightMm / lineHeightMm(sizePt) + 1e-9));

/** Null where a word is longer than a line or the lines are too many. */
function wrapAtSpaces(text: string, sizePt: number, slot: TextSlot, fits: Fits): string[] | null {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer, sizePt)) {
      line = longer;
      continue;
    }
    if (line === '' || !fits(word, sizePt)) return null;
    lines.push(line);
    line = word;
  }
  lines.push(line);
  return lines.length <= linesAt(sizePt, slot) ? lines : null;
}

/** Fills the permitted lines letter by letter where a word is longer than a line. */
function breakAnywhere(
  text: string,
  sizePt: number,
  slot: TextSlot,
  fits: Fits,
): { readonly lines: string[]; readonly rest: string } {
  const lines: string[] = [];
  let rest = text;
  while (rest !== '' && lines.length < linesAt(sizePt, slot)) {
    const letters = lettersOf(rest);
    const count = longestPrefix(letters, (head) => fits(head.trimEnd(), sizePt));
    if (count === 0) return { lines, rest };
    const head = letters.slice(0, count).join('');
    const lastSpace = head.lastIndexOf(' ');
    const atSpace = count < letters.length && letters[count] !== ' ' && lastSpace > 0;
    const end = atSpace ? lastSpace : head.length;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return { lines, rest };
}

/** Letters alone, more than three of them, perhaps with a comma after: numbers and `NO.` are left whole. */
const SHORTENABLE = /^(\p{L})[\p{L}\p{M}'’-]{3,}([,;]?)$/u;

function* shortenedMiddles(text: string): Generator<string> {
  const words = text.split(' ');
  for (let index = words.length - 2; index > 0; index -= 1) {
    const match = SHORTENABLE.exec(words[index] ?? '');
    if (match === null) continue;
    words[index] = `${match[1] ?? ''}${ELLIPSIS}${match[2] ?? ''}`;
    yield words.join(' ');
  }
}

function cutOff(text: string, sizePt: number, slot: TextSlot, fits: Fits): string[] {
  const { lines, rest } = breakAnywhere(text, sizePt, slot, fits);
  if (rest === '') return lines;
  const letters = lettersOf(lines.at(-1) ?? '');
  const ended = (head: string): string => `${head.replace(/[\s…]+$/, '')}${ELLIPSIS}`;
  const count = longestPrefix(letters, (head) => fits(ended(head), sizePt));
  const last = ended(letters.slice(0, count).join(''));
  return fits(last, sizePt) ? [...lines.slice(0, -1), last] : lines.slice(0, -1);
}

const lettersOf = (text: string): string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => segment);

/** How many letters may be kept: found by halving, since a longer beginning is never narrower by much. */
function longestPrefix(letters: readonly string[], fits: (head: string) => boolean): number {
  const fitsAt = (count: number): boolean => fits(letters.slice(0, count).join(''));
  let low = 0;
  let high = letters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fitsAt(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Remembers widths for the one text at hand: each step tries the same words again. */
function fitsInto(widthMm: number, measure: Measure): Fits {
  const widths = new Map<string, number>();
  return (text, sizePt) => {
    const known = widths.get(text) ?? measure(text);
    widths.set(text, known);
    return known * sizePt <= widthMm;
  };
}
