import { describe, expect, it } from '@jest/globals';
import { createCanvas, GlobalFonts } from '../../src/base/canvas.ts';
import { faceOf, textWidthMm, unprintableCharacter } from '../../src/documents/fonts.ts';
import { renderPdf } from '../../src/documents/render/pdf.ts';
import { poppler } from './poppler.ts';

describe.each(['regular', 'bold'] as const)('the %s face', (name) => {
  it('gives all digits one width, so that columns of numbers line up', () => {
    const widths = new Set(Array.from('0123456789', (digit) => textWidthMm(name, digit, 10)));
    expect(widths.size).toBe(1);
  });

  it('registers in the canvas', () => {
    const key = GlobalFonts.register(faceOf(name).bytes, `Test ${name}`);
    expect(key).not.toBeNull();
    const context = createCanvas(10, 10).getContext('2d');
    context.font = `100px "Test ${name}"`;
    const measured = context.measureText('SPESIMEN').width;
    expect(measured / textWidthMm(name, 'SPESIMEN', 100)).toBeCloseTo(72 / 25.4, 1);
  });

  it('is embedded in a page, with its text readable', async () => {
    const run = { kind: 'text', text: "NUR'AINI Şéł", xMm: 5, baselineMm: 20, sizePt: 12 } as const;
    const items = [{ ...run, face: name, colour: '#000000' }];
    const pdf = await renderPdf([{ widthMm: 80, heightMm: 40, items }], {
      title: 'Uji',
      language: 'id',
      createdAt: new Date(0),
    });
    expect(poppler('pdffonts', pdf)).toMatch(/NotoSans-SemiCondensed\S*\s+.*yes yes yes/);
    expect(poppler('pdftotext', pdf)).toContain("NUR'AINI Şéł");
  });
});

describe('characters that cannot be printed', () => {
  it('are named, and Latin letters with marks are not among them', () => {
    expect(unprintableCharacter('ĐẶNG ŠÍPKOVÁ Ñ ʼ’ –')).toBeNull();
    expect(unprintableCharacter('SITI 林')).toBe('U+6797');
    expect(unprintableCharacter('سيتي')).toBe('U+0633');
  });
});
