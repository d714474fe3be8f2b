import { faceOf } from '../../src/documents/fonts.ts';
import { poppler } from './poppler.ts';

/** A word and the ink of its letters, in points from the top left of its page. */
export interface WordBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PageOfWords {
  readonly widthPt: number;
  readonly heightPt: number;
  readonly words: readonly WordBox[];
}

/** Both faces have the same. pdftotext draws its boxes from the ascent to the descent, which no letter fills. */
const { ascent, descent, capHeight, unitsPerEm } = faceOf('regular').font;
const DESCENDER = 0.2;
/** Nothing else is nearly as large as the letters of the mark, which lies across everything. */
const MARK_PT = 60;
/** A tenth of a millimetre: less than the space between two lines that touch to the eye. */
const HAIR_PT = 0.28;

/** What is written on each page, but for the mark of a specimen. */
export function wordsOnPages(pdf: Uint8Array): PageOfWords[] {
  const html = poppler('pdftotext', pdf, ['-bbox']);
  return html
    .split('<page ')
    .slice(1)
    .map((page) => ({
      widthPt: attributeOf(page, 'width'),
      heightPt: attributeOf(page, 'height'),
      words: page
        .split('<word ')
        .slice(1)
        .map(inkOf)
        .filter(({ top, bottom }) => bottom - top < MARK_PT),
    }));
}

function inkOf(word: string): WordBox {
  const [above, below] = [attributeOf(word, 'yMin'), attributeOf(word, 'yMax')];
  const sizePt = ((below - above) * unitsPerEm) / (ascent - descent);
  const baseline = above + (sizePt * ascent) / unitsPerEm;
  return {
    text: /^[^>]*>([^<]*)</.exec(word)?.[1] ?? '',
    left: attributeOf(word, 'xMin'),
    right: attributeOf(word, 'xMax'),
    top: baseline - (sizePt * capHeight) / unitsPerEm,
    bottom: baseline + sizePt * DESCENDER,
  };
}

function attributeOf(tag: string, name: string): number {
  const value = new RegExp(`^[^>]*\\b${name}="([-\\d.]+)"`).exec(tag)?.[1];
  if (value === undefined) throw new Error(`pdftotext gave no ${name}`);
  return Number(value);
}

/** Pairs of words of which one is set over the other by more than a hair. */
export function collisionsOf(words: readonly WordBox[]): string[] {
  const reach = (low: number, high: number): boolean => high - low > HAIR_PT;
  return words.flatMap((one, index) =>
    words
      .slice(index + 1)
      .filter(
        (other) =>
          reach(Math.max(one.left, other.left), Math.min(one.right, other.right)) &&
          reach(Math.max(one.top, other.top), Math.min(one.bottom, other.bottom)),
      )
      .map((other) => `${one.text} / ${other.text}`),
  );
}

/** Words of which some ink is not on the page. */
export const beyondPage = ({ widthPt, heightPt, words }: PageOfWords): string[] =>
  words
    .filter(
      ({ left, right, top, bottom }) => left < 0 || top < 0 || right > widthPt || bottom > heightPt,
    )
    .map(({ text }) => text);
