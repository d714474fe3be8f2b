import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import type { ReceiptItem } from '../contract/receipt-printer.ts';
import type { EscposOptions } from './options.ts';

/** ISO/IEC 18004 table 7: bytes that fit at error correction M, versions 1 to 13; a receipt has at most 300. */
const QR_BYTES_AT_M = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331] as const;
const modulesOf = (version: number): number => 17 + 4 * version;
/** §6.3.8: what must stay empty around it, in modules. */
const QUIET_ZONE = 2 * 4;
/** Font A is 12 dots wide on every model of the reference, and a line of it never wider than the head. */
const COLUMN_DOTS = 12;
/** Larger serves no reader and costs paper. */
const LARGEST_MODULE = 6;
/** From the head to the cutter, or to the edge where paper is torn off. */
const FEED_LINES = 4;

/** Dots a module, as many as the paper is wide: of a symbol that is wider the printer prints nothing at all. */
export function moduleDots(content: string, columns: number): number {
  const version = QR_BYTES_AT_M.findIndex((bytes) => content.length <= bytes) + 1;
  if (version === 0) throw new RangeError('a QR code of a receipt has at most 331 bytes');
  const fits = Math.floor((columns * COLUMN_DOTS) / (modulesOf(version) + QUIET_ZONE));
  return Math.min(fits, LARGEST_MODULE);
}

/**
 * The bytes of a receipt, from initialising the printer to its cut. Nothing but printable ASCII comes from
 * outside, so that no text can hold a command.
 */
export function encodeReceipt(
  items: readonly ReceiptItem[],
  { columns, cutter }: Pick<EscposOptions, 'columns' | 'cutter'>,
): Uint8Array {
  const encoder = new ReceiptPrinterEncoder({
    language: 'esc-pos',
    columns,
    newline: '\n',
    codepageMapping: 'epson',
    feedBeforeCut: FEED_LINES,
    errors: 'strict',
  }).initialize();
  for (const item of items) encodeItem(encoder, item, columns);
  return cutter ? encoder.cut('partial').encode() : encoder.newline(FEED_LINES).encode();
}

function encodeItem(encoder: ReceiptPrinterEncoder, item: ReceiptItem, columns: number): void {
  switch (item.kind) {
    case 'text': {
      const factor = item.size === 'double' ? 2 : 1;
      encoder.align(item.align).bold(item.emphasis).size(factor, factor).line(item.text);
      encoder.size(1, 1).bold(false).align('left');
      return;
    }
    case 'rule':
      // A hyphen is the same in every code table; the encoder's own rule is a character of one.
      encoder.line('-'.repeat(columns));
      return;
    case 'feed':
      encoder.newline(item.lines);
      return;
    case 'qr': {
      const size = moduleDots(item.content, columns);
      encoder.align('center').qrcode(item.content, { model: 2, size, errorlevel: 'm' });
      encoder.align('left');
    }
  }
}
