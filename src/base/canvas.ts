import { createRequire } from 'node:module';
import type * as Canvas from '@napi-rs/canvas';

// While it loads, the package reads every font of the machine, for a third of a second; text is drawn here
// from the glyphs of our own fonts alone, and must look the same on every machine.
process.env['DISABLE_SYSTEM_FONTS_LOAD'] = '1';

export type { SKRSContext2D } from '@napi-rs/canvas';
// Not an import: that would be carried out before the line above.
export const { createCanvas, GlobalFonts, loadImage, Path2D } = createRequire(import.meta.url)(
  '@napi-rs/canvas',
) as typeof Canvas;
