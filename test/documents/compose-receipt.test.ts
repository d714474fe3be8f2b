import { describe, expect, it, jest } from '@jest/globals';
import {
  composeReceipt,
  type ReceiptContent,
} from '../../src/documents/receipt/compose-receipt.ts';
import { poppler } from './poppler.ts';

jest.setTimeout(60_000);

const content: ReceiptContent = {
  language: 'id',
  terminalName: 'Anjungan MPP Lamongan 1',
  documentKind: 'kk',
  reference: 'ANJ-7Q2M-5X3K',
  time: '05-01-2026 09:14 WIB',
  outcome: 'Dokumen telah dicetak dan diserahkan.',
  nextStep: 'Periksa isi dokumen.',
  verifyUrl: 'http://127.0.0.1:8080/periksa/req_K7Q2M5X3',
  createdAtMs: Date.UTC(2026, 0, 5, 2, 14),
};

describe('a receipt', () => {
  it('is a slip of 80 × 150 mm that says what happened and what to quote', async () => {
    const pdf = await composeReceipt(content, { mode: 'specimen' });
    expect(poppler('pdfinfo', pdf)).toMatch(/Page size:\s+226\.772 x 425\.197 pts/);
    const text = poppler('pdftotext', pdf);
    for (const words of ['BUKTI LAYANAN', 'KK (Kartu Keluarga)', 'ANJ-7Q2M-5X3K', 'gratis']) {
      expect(text).toContain(words);
    }
    expect(text).toContain('Dokumen telah dicetak dan diserahkan.');
    // pdftotext breaks slanted words over lines.
    expect(poppler('pdftotext', pdf, ['-raw']).replace(/\s/g, '')).toContain('SPESIMEN');
  });

  it('speaks English when asked, and is the same bytes each time', async () => {
    const english: ReceiptContent = { ...content, language: 'en', outcome: 'It was handed over.' };
    const [one, two] = [
      await composeReceipt(english, { mode: 'specimen' }),
      await composeReceipt(english, { mode: 'specimen' }),
    ];
    expect(poppler('pdftotext', one)).toContain('SERVICE RECEIPT');
    expect(poppler('pdftotext', one)).toContain('free of charge');
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
  });
});
