import { createCanvas } from '../../src/base/canvas.ts';

export const WIDTH_DOTS = 1012;
export const HEIGHT_DOTS = 638;
export const RGB_BYTES = WIDTH_DOTS * HEIGHT_DOTS * 3;

/** A PNG of one printed side, for eyes. `rgb` holds exactly `RGB_BYTES`. */
export async function pngOfSide(rgb: Uint8Array): Promise<Uint8Array> {
  const canvas = createCanvas(WIDTH_DOTS, HEIGHT_DOTS);
  const context = canvas.getContext('2d');
  const image = context.createImageData(WIDTH_DOTS, HEIGHT_DOTS);
  for (let from = 0, to = 0; from < RGB_BYTES; from += 3, to += 4) {
    image.data[to] = rgb[from] ?? 0;
    image.data[to + 1] = rgb[from + 1] ?? 0;
    image.data[to + 2] = rgb[from + 2] ?? 0;
    image.data[to + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas.encode('png');
}
