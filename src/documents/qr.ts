import bwipjs from 'bwip-js/node';
import { assert } from '../base/assert.ts';
import type { QrModules } from './drawing-list.ts';

/** Modules of white that ISO/IEC 18004 asks for on each side. */
export const QR_QUIET_MODULES = 4;

/** ISO/IEC 18004 QR code of `text` at error correction level M. */
export function qrModules(text: string): QrModules {
  const [symbol] = bwipjs.raw('qrcode', text, 'eclevel=M');
  assert(symbol !== undefined && 'pixs' in symbol, 'a QR code is a matrix');
  assert(symbol.pixx === symbol.pixy, 'a QR code is square');
  return { size: symbol.pixx, dark: symbol.pixs.map((pixel) => pixel === 1) };
}
