/** Evolis Programming Guide A5013 rev. E, chapter 4: 300 dpi, a card of 1016 lines of 648 dots. */
export const LINES = 1016;
export const LINE_DOTS = 648;
/** Two levels: one bit a dot. */
export const MONO_LINE_BYTES = LINE_DOTS / 8;
export const MONO_PLANE_BYTES = LINES * MONO_LINE_BYTES;
/** 32 levels: five bits a dot, joined with no spare bits. */
export const COLOUR_LINE_BYTES = (LINE_DOTS * 5) / 8;
export const COLOUR_PLANE_BYTES = LINES * COLOUR_LINE_BYTES;

/** What core composes, a little smaller than what the printer can reach. */
export const PICTURE_WIDTH = 1012;
export const PICTURE_HEIGHT = 638;
