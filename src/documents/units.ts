export const PT_PER_MM = 72 / 25.4;
export const CARD_DOTS_PER_INCH = 300;
export const DOTS_PER_MM = CARD_DOTS_PER_INCH / 25.4;

/** ISO/IEC 7810 ID-1. */
export const CARD_WIDTH_MM = 85.6;
export const CARD_HEIGHT_MM = 53.98;

/** The canonical card raster: ID-1 at 300 dpi, rounded up to whole dots. */
export const CARD_WIDTH_DOTS = 1012;
export const CARD_HEIGHT_DOTS = 638;

export const A4_LANDSCAPE_WIDTH_MM = 297;
export const A4_LANDSCAPE_HEIGHT_MM = 210;
