import { describe, expect, it, jest } from '@jest/globals';
import {
  composeBeritaAcara,
  type BeritaAcaraContent,
  type SpoiledBlank,
} from '../../src/documents/berita-acara/compose.ts';
import { paginate } from '../../src/documents/berita-acara/paginate.ts';
import { poppler } from './poppler.ts';

jest.setTimeout(60_000);

const kinds = ['ktpEl', 'ktpElWna', 'kia'] as const;
const reasons = ['mediaJammed', 'chip.readBackDiffers', null, 'hardware.head-over-temperature'];

const blanks = (count: number): SpoiledBlank[] =>
  Array.from({ length: count }, (_, index) => ({
    serial: `SPKTP${String(index + 1).padStart(5, '0')}`,
    batch: 'SPES-1',
    kind: kinds[index % 3] ?? 'kia',
    fate: index % 4 === 2 ? 'retracted' : 'void',
    at: Date.UTC(2026, 0, 5, 2, 14) + index * 3_600_000,
    reason: reasons[index % 4] ?? null,
    attemptId: index % 5 === 4 ? null : 'att_K7Q2M5X3ABCDWXYZ',
  }));

const content = (count: number): BeritaAcaraContent => ({
  number: `BA/ADM-9901-01/${count}`,
  terminalId: 'ADM-9901-01',
  place: "Mal Pelayanan Publik Contoh, Gedung D'Amanah Lantai 2",
  zone: 'Asia/Makassar',
  since: null,
  until: Date.UTC(2026, 1, 1, 3),
  emptiedBy: ['per_K7Q2M5X3ABCDWXYZ', 'per_A7Q2M5X3ABCDWXYZ'],
  blanks: blanks(count),
  foreignCards: 2,
  ledger: count + 2,
  counted: count + 1,
});

async function pdfOf(it: BeritaAcaraContent, mode: 'specimen' | 'live' = 'specimen') {
  const composed = await composeBeritaAcara(it, { mode });
  if (!composed.ok) throw new Error(JSON.stringify(composed.error));
  return composed.value;
}

const textOf = (pdf: Uint8Array): string => poppler('pdftotext', pdf, ['-layout']);
const pagesOf = (pdf: Uint8Array): number =>
  Number(/^Pages:\s+(\d+)$/m.exec(poppler('pdfinfo', pdf))?.[1]);

describe('a Berita Acara of spoiled and retracted blanks', () => {
  it.each([
    [0, 1],
    [3, 1],
    [120, 4],
  ])('lists each of %i blanks once, on %i A4 pages, with sums that agree', async (count, pages) => {
    const pdf = await pdfOf(content(count));
    expect(poppler('pdfinfo', pdf)).toMatch(/Page size:\s+595\.2\d+ x 841\.8\d+ pts \(A4\)/);
    expect(pagesOf(pdf)).toBe(pages);
    const text = textOf(pdf);
    const serials = text.match(/\bSPKTP\d{5}\b/g) ?? [];
    expect([...serials].sort()).toEqual(blanks(count).map(({ serial }) => serial));
    const retracted = blanks(count).filter(({ fate }) => fate === 'retracted').length;
    expect(text.replace(/\s+/g, ' ')).toContain(
      `rusak ${count - retracted}, tidak diambil ${retracted}, jumlah ${count} keping`,
    );
    expect(text).toContain('2 keping, bukan blangko dalam buku stok');
    expect(text).toContain(
      `menurut buku stok ${count + 2} keping, dihitung ${count + 1} keping, selisih -1`,
    );
    expect(text.match(/Nama dan NIP/g)).toHaveLength(2);
    expect(text).toContain(`Halaman ${pages} dari ${pages}`);
    if (count === 0) expect(text).toContain('NIHIL');
  });

  it('says day, time zone, causes in Indonesian, and a code that has no words as it is', async () => {
    const text = textOf(await pdfOf(content(4)));
    expect(text).toContain('Minggu, 1 Februari 2026 pukul 11.00 WITA');
    expect(text).toContain('05-01-2026 10.14');
    for (const cause of ['Kartu macet', 'Isi cip tidak sesuai', 'Tidak diambil', 'hardware.head']) {
      expect(text).toContain(cause);
    }
  });

  it('is the same bytes each time', async () => {
    const [one, two] = [await pdfOf(content(40)), await pdfOf(content(40))];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
  });

  it('carries SPESIMEN across each page in specimen mode, and never in live mode', async () => {
    const marked = (pdf: Uint8Array): number =>
      Array.from({ length: pagesOf(pdf) }, (_, page) =>
        poppler('pdftotext', pdf, ['-raw', '-f', `${page + 1}`, '-l', `${page + 1}`]),
      ).filter((text) => text.replace(/\s/g, '').includes('SPESIMEN')).length;
    expect(marked(await pdfOf(content(50)))).toBe(2);
    expect(marked(await pdfOf(content(50), 'live'))).toBe(0);
  });

  it('is provisional and unsigned while the bin is not emptied', async () => {
    const text = textOf(await pdfOf({ ...content(3), emptiedBy: null }));
    expect(text).toContain('DAFTAR SEMENTARA');
    expect(text).not.toContain('Nama dan NIP');
  });

  it('writes the longest serial whole', async () => {
    const serial = 'W'.repeat(40);
    const [blank] = blanks(1);
    if (blank === undefined) throw new Error('there is one');
    const text = textOf(await pdfOf({ ...content(1), blanks: [{ ...blank, serial }] }));
    expect(text.match(/W/g)?.length).toBeGreaterThanOrEqual(40);
  });

  it('refuses a place that the font cannot write', async () => {
    expect(await composeBeritaAcara({ ...content(0), place: '漢' }, { mode: 'specimen' })).toEqual({
      ok: false,
      error: { kind: 'unprintableText', value: 'place', character: 'U+6F22' },
    });
  });
});

describe('the pages of a Berita Acara', () => {
  const room = { first: 30, next: 39, firstWithEnd: 17, nextWithEnd: 26 };

  it('hold every row once, none too many, and something to sign for on the last', () => {
    for (let rows = 0; rows <= 400; rows += 1) {
      const dealt = paginate(rows, room);
      expect(dealt.reduce((sum, n) => sum + n, 0)).toBe(rows);
      dealt.forEach((count, index) => {
        const isLast = index === dealt.length - 1;
        const most = index === 0 ? room.first : room.next;
        const mostWithEnd = index === 0 ? room.firstWithEnd : room.nextWithEnd;
        expect(count).toBeLessThanOrEqual(isLast ? mostWithEnd : most);
        expect(rows === 0 || count > 0).toBe(true);
      });
    }
  });
});
