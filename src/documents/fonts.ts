import { create, type Font, type Glyph } from 'fontkit';
import { assert } from '../base/assert.ts';
import { readAsset } from './assets.ts';
import { PT_PER_MM } from './units.ts';

export type FaceName = 'regular' | 'bold';

export interface Face {
  readonly name: FaceName;
  readonly bytes: Buffer;
  readonly font: Font;
}

/** A glyph and the pen position at which it stands, in font units from the start of its text. */
export interface PlacedGlyph {
  readonly glyph: Glyph;
  readonly xUnits: number;
}

export interface ShapedText {
  readonly glyphs: readonly PlacedGlyph[];
  readonly widthUnits: number;
}

function loadFace(name: FaceName, file: string): Face {
  const bytes = readAsset(`fonts/${file}`);
  const font = create(bytes);
  assert('layout' in font, `${file} is a font collection`);
  return { name, bytes, font };
}

const loaded: Readonly<Record<FaceName, Face>> = {
  regular: loadFace('regular', 'NotoSans-SemiCondensed-Regular.ttf'),
  bold: loadFace('bold', 'NotoSans-SemiCondensed-Bold.ttf'),
};

export const faceOf = (name: FaceName): Face => loaded[name];

/**
 * Glyphs of one line with kerning. pdfkit shapes word by word, each with the space that follows it; the
 * same cut here makes the measured width, the page and the raster agree to the unit.
 */
export function shapeText(face: Face, text: string): ShapedText {
  const glyphs: PlacedGlyph[] = [];
  let widthUnits = 0;
  for (const word of text.split(/(?<= )/)) {
    const run = face.font.layout(word);
    run.glyphs.forEach((glyph, index) => {
      const position = run.positions[index];
      assert(position !== undefined, 'fontkit gives one position a glyph');
      glyphs.push({ glyph, xUnits: widthUnits + position.xOffset });
      widthUnits += position.xAdvance;
    });
  }
  return { glyphs, widthUnits };
}

/** Width in millimetres of one line set at `sizePt` points. */
export function textWidthMm(name: FaceName, text: string, sizePt: number): number {
  const face = faceOf(name);
  return (shapeText(face, text).widthUnits / face.font.unitsPerEm) * (sizePt / PT_PER_MM);
}

/** The first character that neither face can print, as `U+XXXX`, or null. */
export function unprintableCharacter(text: string): string | null {
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const printable =
      loaded.regular.font.hasGlyphForCodePoint(codePoint) &&
      loaded.bold.font.hasGlyphForCodePoint(codePoint);
    if (!printable) return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return null;
}
