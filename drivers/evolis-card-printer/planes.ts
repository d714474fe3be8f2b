import {
  COLOUR_LINE_BYTES,
  COLOUR_PLANE_BYTES,
  LINE_DOTS,
  LINES,
  MONO_LINE_BYTES,
  MONO_PLANE_BYTES,
  PICTURE_HEIGHT,
  PICTURE_WIDTH,
} from './geometry.ts';

/** One side as the printer's memories take it: dye in 32 levels, resin in one bit, 1 prints. */
export interface ColourPlanes {
  readonly y: Uint8Array;
  readonly m: Uint8Array;
  readonly c: Uint8Array;
  readonly k: Uint8Array;
}

const LEFT = (LINES - PICTURE_WIDTH) / 2;
const BOTTOM = (LINE_DOTS - PICTURE_HEIGHT) / 2;
const CHANNELS = 3;
const ROW_BYTES = PICTURE_WIDTH * CHANNELS;

/** A dot no channel of which is brighter goes to the resin panel alone: dye makes a brown black, and blurs it. */
const BLACKEST = 32;
/** Rec. 601 luma, in thousandths; what is darker than half is printed where there is resin only. */
const LUMA = { red: 299, green: 587, blue: 114 } as const;
const HALF_LUMA = 128_000;

/**
 * Splits RGB rows (1012 × 638, top left first) into planes. A line of a plane is a column of the card, dots
 * from the bottom up, lines from the left, as recorded streams of the maker's own driver run; the picture lies
 * in the middle and the rim stays white.
 */
export function colourPlanes(rgb: Uint8Array): ColourPlanes {
  const y = new Uint8Array(COLOUR_PLANE_BYTES);
  const m = new Uint8Array(COLOUR_PLANE_BYTES);
  const c = new Uint8Array(COLOUR_PLANE_BYTES);
  const k = new Uint8Array(MONO_PLANE_BYTES);
  for (let column = 0; column < PICTURE_WIDTH; column += 1) {
    const line = column + LEFT;
    const colourAt = line * COLOUR_LINE_BYTES;
    const monoAt = line * MONO_LINE_BYTES;
    let at = (PICTURE_HEIGHT - 1) * ROW_BYTES + column * CHANNELS;
    for (let dot = BOTTOM; dot < BOTTOM + PICTURE_HEIGHT; dot += 1) {
      const red = rgb[at] ?? 0;
      const green = rgb[at + 1] ?? 0;
      const blue = rgb[at + 2] ?? 0;
      at -= ROW_BYTES;
      if (red <= BLACKEST && green <= BLACKEST && blue <= BLACKEST) {
        setDot(k, monoAt, dot);
        continue;
      }
      setLevel(c, colourAt, dot, (255 - red) >> 3);
      setLevel(m, colourAt, dot, (255 - green) >> 3);
      setLevel(y, colourAt, dot, (255 - blue) >> 3);
    }
  }
  return { y, m, c, k };
}

/** The resin plane of a side that is printed in black alone. */
export function blackPlane(rgb: Uint8Array): Uint8Array {
  const k = new Uint8Array(MONO_PLANE_BYTES);
  for (let column = 0; column < PICTURE_WIDTH; column += 1) {
    const monoAt = (column + LEFT) * MONO_LINE_BYTES;
    let at = (PICTURE_HEIGHT - 1) * ROW_BYTES + column * CHANNELS;
    for (let dot = BOTTOM; dot < BOTTOM + PICTURE_HEIGHT; dot += 1) {
      const luma =
        (rgb[at] ?? 0) * LUMA.red +
        (rgb[at + 1] ?? 0) * LUMA.green +
        (rgb[at + 2] ?? 0) * LUMA.blue;
      at -= ROW_BYTES;
      if (luma < HALF_LUMA) setDot(k, monoAt, dot);
    }
  }
  return k;
}

/** The most significant bit is the first dot. */
function setDot(plane: Uint8Array, lineAt: number, dot: number): void {
  const at = lineAt + (dot >> 3);
  plane[at] = (plane[at] ?? 0) | (0x80 >> (dot & 7));
}

/** Five bits, most significant first, wherever in two bytes they come to lie. */
function setLevel(plane: Uint8Array, lineAt: number, dot: number, level: number): void {
  if (level === 0) return;
  const bit = dot * 5;
  const at = lineAt + (bit >> 3);
  const shifted = level << (11 - (bit & 7));
  plane[at] = (plane[at] ?? 0) | (shifted >> 8);
  if ((shifted & 0xff) !== 0) plane[at + 1] = (plane[at + 1] ?? 0) | (shifted & 0xff);
}
