import type { FaceName } from './fonts.ts';

/** `#rrggbb` */
export type Colour = string;

export interface TextRun {
  readonly kind: 'text';
  readonly text: string;
  /** Left end of the baseline. */
  readonly xMm: number;
  readonly baselineMm: number;
  readonly sizePt: number;
  readonly face: FaceName;
  readonly colour: Colour;
}

export interface Line {
  readonly kind: 'line';
  readonly x1Mm: number;
  readonly y1Mm: number;
  readonly x2Mm: number;
  readonly y2Mm: number;
  readonly strokeMm: number;
  readonly colour: Colour;
}

export interface Rect {
  readonly kind: 'rect';
  readonly xMm: number;
  readonly yMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly fill: Colour;
}

/** A JPEG that covers its box; what overhangs is cut off evenly on both sides. */
export interface Picture {
  readonly kind: 'picture';
  readonly jpeg: Uint8Array;
  readonly xMm: number;
  readonly yMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

export interface QrCode {
  readonly kind: 'qr';
  readonly modules: QrModules;
  readonly xMm: number;
  readonly yMm: number;
  /** Side of the square, its quiet zone included. */
  readonly sizeMm: number;
}

/** Dark modules row by row, `size` to a row, without the quiet zone. */
export interface QrModules {
  readonly size: number;
  readonly dark: readonly boolean[];
}

/** Outlined diagonal words across the page; the centre of the words is the centre of the page. */
export interface Mark {
  readonly kind: 'mark';
  readonly text: string;
  readonly centreXMm: number;
  readonly centreYMm: number;
  /** Anticlockwise, so that the words rise to the right. */
  readonly angleDegrees: number;
  readonly sizePt: number;
  readonly strokeMm: number;
  readonly face: FaceName;
  readonly colour: Colour;
}

export type DrawingItem = TextRun | Line | Rect | Picture | QrCode | Mark;

/** One page or card side. Millimetres from the top left corner; later items lie over earlier ones. */
export interface DrawingList {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly items: readonly DrawingItem[];
}
