import { err, ok, type Result } from '../../base/result.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export type JpegError =
  | { readonly kind: 'notAJpeg' }
  /** More pixels than any photo for a card has: decoding it would only cost memory. */
  | { readonly kind: 'tooManyPixels' };

const MAX_SIDE = 4000;

/** Width and height from the frame header (ISO/IEC 10918-1 B.2.2), without decoding anything. */
export function jpegSize(bytes: Uint8Array): Result<PictureSize, JpegError> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return err({ kind: 'notAJpeg' });
  for (let at = 2; at + 9 <= view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker >> 8 !== 0xff) return err({ kind: 'notAJpeg' });
    if (!isFrameHeader(marker & 0xff)) continue;
    const size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    if (size.width === 0 || size.height === 0) return err({ kind: 'notAJpeg' });
    if (size.width > MAX_SIDE || size.height > MAX_SIDE) return err({ kind: 'tooManyPixels' });
    return ok(size);
  }
  return err({ kind: 'notAJpeg' });
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share the range. */
const isFrameHeader = (code: number): boolean =>
  code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
