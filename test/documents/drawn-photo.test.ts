import { describe, expect, it } from '@jest/globals';
import { createCanvas, loadImage } from '../../src/base/canvas.ts';
import { drawnPhoto, photoBackground } from '../../src/documents/photo/drawn-photo.ts';
import { jpegSize } from '../../src/documents/photo/jpeg-size.ts';

async function cornerOf(photo: Uint8Array): Promise<readonly number[]> {
  const context = createCanvas(4, 4).getContext('2d');
  context.drawImage(await loadImage(Buffer.from(photo)), 0, 0);
  return [...context.getImageData(1, 1, 1, 1).data];
}

describe('a drawn photo', () => {
  it('is a JPEG, the same bytes for the same seed and others for another', () => {
    const photo = drawnPhoto({ seed: 'a', birthYear: 1990 });
    expect(jpegSize(photo)).toEqual({ ok: true, value: { width: 400, height: 528 } });
    const again = drawnPhoto({ seed: 'a', birthYear: 1990 });
    expect(Buffer.from(again).equals(Buffer.from(photo))).toBe(true);
    const other = drawnPhoto({ seed: 'b', birthYear: 1990 });
    expect(Buffer.from(other).equals(Buffer.from(photo))).toBe(false);
  });

  it('has a red background for an odd year of birth and a blue one for an even year', async () => {
    const [red = 0, , lowBlue = 0] = await cornerOf(drawnPhoto({ seed: 'a', birthYear: 1991 }));
    expect(red).toBeGreaterThan(lowBlue + 100);
    const [lowRed = 0, , blue = 0] = await cornerOf(drawnPhoto({ seed: 'a', birthYear: 1990 }));
    expect(blue).toBeGreaterThan(lowRed + 100);
    expect(photoBackground(2021)).not.toBe(photoBackground(2020));
  });
});
