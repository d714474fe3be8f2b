import { describe, expect, it } from '@jest/globals';
import bwipjs from 'bwip-js/node';
import fc from 'fast-check';
import { receiptPrinterCommands } from '../../../drivers/contract/receipt-printer.ts';
import { encodeReceipt, moduleDots } from '../../../drivers/escpos-receipt-printer/receipt.ts';

const COLUMNS = [32, 35, 42, 44, 48] as const;
const itemsOf = (items: readonly object[]) =>
  receiptPrinterCommands.printReceipt.params.parse({ items }).items;

const printable = (maxLength: number) =>
  fc.stringMatching(/^[ -~]*$/, { maxLength }).map((text) => text.slice(0, maxLength));
const anyItem = fc.oneof(
  fc.record({
    kind: fc.constant('text'),
    text: printable(200),
    align: fc.constantFrom('left', 'center', 'right'),
    emphasis: fc.boolean(),
    size: fc.constantFrom('normal', 'double'),
  }),
  fc.constant({ kind: 'rule' }),
  fc.record({ kind: fc.constant('feed'), lines: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('qr'), content: printable(299).map((text) => `${text}Q`) }),
);

describe('the bytes of a receipt', () => {
  it('hold no real-time command, whatever the receipt says', () => {
    const columns = fc.constantFrom(...COLUMNS);
    fc.assert(
      fc.property(
        fc.array(anyItem, { minLength: 1, maxLength: 20 }),
        columns,
        fc.boolean(),
        (items, wide, cutter) => {
          const bytes = encodeReceipt(itemsOf(items), { columns: wide, cutter });
          const text = Buffer.from(bytes).toString('latin1');
          expect(text).not.toMatch(/\x10[\x04\x05\x14]/);
          expect(text).not.toMatch(/[\x7f-\xff]/);
        },
      ),
    );
  });

  it('end with a cut where there is a cutter, and have none where there is not', () => {
    const [cut, whole] = [true, false].map((cutter) =>
      Buffer.from(encodeReceipt(itemsOf([{ kind: 'rule' }]), { columns: 32, cutter })),
    );
    expect(cut?.includes(Buffer.of(0x1d, 0x56))).toBe(true);
    expect(whole?.includes(Buffer.of(0x1d, 0x56))).toBe(false);
  });
});

describe('a QR code on a receipt', () => {
  /** The symbol as another encoder makes it, without quiet zone; `raw` gives its modules row by row. */
  const sideOf = (content: string): number => {
    const [symbol] = bwipjs.raw('qrcode', content, 'eclevel=M');
    if (symbol === undefined || !('pixx' in symbol)) throw new Error('no symbol');
    return symbol.pixx;
  };

  /** The last length of some versions, and the first of the next. */
  const LENGTHS = [14, 15, 62, 63, 180, 181, 287, 288];

  it('is never wider than the paper, with its quiet zone', () => {
    for (const length of [1, ...LENGTHS, 300]) {
      // Lower-case letters: of capitals and digits a smaller symbol can be made.
      const content = 'q'.repeat(length);
      const side = sideOf(content) + 8;
      for (const columns of COLUMNS) {
        const dots = moduleDots(content, columns);
        expect(dots).toBeGreaterThanOrEqual(3);
        expect(side * dots).toBeLessThanOrEqual(columns * 12);
      }
    }
  });

  it('is refused where it would not fit any of the sizes', () => {
    expect(() => moduleDots('q'.repeat(332), 48)).toThrow(RangeError);
  });
});
