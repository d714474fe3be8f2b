import { describe, expect, it, jest } from '@jest/globals';
import { composeKk, kkPages } from '../../src/documents/kk/compose-kk.ts';
import { poppler } from './poppler.ts';
import { familyOf, longestFamily, uglyName } from './sample-people.ts';
import { beyondPage, collisionsOf, wordsOnPages, type WordBox } from './word-boxes.ts';

jest.setTimeout(60_000);

describe.each([
  [1, 1],
  [10, 1],
  [11, 2],
  [30, 3],
])('a KK of %i members', (count, pages) => {
  const family = familyOf(count);
  const composing = composeKk(family, { mode: 'specimen' });

  it(`takes ${pages} sheets of A4 landscape`, async () => {
    const info = poppler('pdfinfo', await composing);
    expect(info).toMatch(new RegExp(`Pages:\\s+${pages}\n`));
    expect(info).toMatch(/Page size:\s+841\.89 x 595\.276 pts \(A4\)/);
    expect(kkPages(count)).toBe(pages);
  });

  it('lists the NIK of every member in order, under the KK number on each sheet', async () => {
    const text = poppler('pdftotext', await composing, ['-layout']);
    const numbers = text.match(/\b\d{16}\b/g) ?? [];
    const niks = numbers.filter((number) => number !== family.kkNumber);
    expect(niks).toEqual(family.members.map(({ nik }) => nik));
    expect(numbers).toHaveLength(count + pages);
  });

  it('marks and numbers every sheet', async () => {
    for (let page = 1; page <= pages; page += 1) {
      const range = ['-raw', '-f', String(page), '-l', String(page)];
      const text = poppler('pdftotext', await composing, range);
      expect(text).toContain('SPESIMEN: bukan dokumen kependudukan');
      // pdftotext breaks slanted words over lines.
      expect(text.replace(/\s/g, '').split('SPESIMEN')).toHaveLength(3);
      expect(text).toContain('KARTU KELUARGA');
      expect(text).toContain(`Lembar ${page} dari ${pages}`);
    }
  });

  it('fills unused rows with dashes', async () => {
    const lastPage = ['-raw', '-f', String(pages), '-l', String(pages)];
    const text = poppler('pdftotext', await composing, lastPage);
    const unused = pages * 10 - count;
    const rows = text.split('\n').filter((line) => /^\d+( -){9}$/.test(line));
    expect(rows).toHaveLength(unused);
  });
});

/** Between the head and the first table, and between the second and the foot. */
const TABLES_PT = 127;
const FOOT_PT = 478;

describe('a KK of fifteen members with the longest texts', () => {
  const composing = composeKk(longestFamily(15), { mode: 'specimen' });

  it('sets no word over another and none off the sheet', async () => {
    const pages = wordsOnPages(await composing);
    expect(pages).toHaveLength(2);
    for (const page of pages) {
      expect(collisionsOf(page.words)).toEqual([]);
      expect(beyondPage(page)).toEqual([]);
      // poppler leaves out what begins off the page: head, both tables and foot are there.
      const texts = page.words.map(({ text }) => text);
      for (const word of ['KELUARGA', 'Alamat', '(1)', '(17)', 'SPESIMEN:', 'NIP.']) {
        expect(texts).toContain(word);
      }
    }
  });

  it('would be seen to collide with its foot or its head five millimetres off', async () => {
    const [page] = wordsOnPages(await composing);
    const { words = [] } = page ?? {};
    const off = (moves: (word: WordBox) => boolean, byPt: number): string[] =>
      collisionsOf(
        words.map((word) =>
          moves(word) ? { ...word, top: word.top + byPt, bottom: word.bottom + byPt } : word,
        ),
      );
    expect(off(({ top }) => top > FOOT_PT, -14)).not.toEqual([]);
    expect(off(({ top }) => top < TABLES_PT, 14)).not.toEqual([]);
  });
});

describe('a KK', () => {
  it('shows both numbered tables and who issued it', async () => {
    const pdf = await composeKk(familyOf(4), { mode: 'specimen' });
    const text = poppler('pdftotext', pdf);
    for (let column = 1; column <= 17; column += 1) expect(text).toContain(`(${column})`);
    for (const words of ['No. Paspor', 'No. KITAP', 'Nama Orang Tua', "SITI NUR'AINI"]) {
      expect(text).toContain(words);
    }
    expect(text.replace(/\s+/g, ' ')).toContain(uglyName);
    expect(text).toContain('CONTOH PEJABAT, S.H., M.Si.');
    expect(text).toContain('NIP. 990000000000000001');
  });

  it('is the same bytes for the same family', async () => {
    const [one, two] = [
      await composeKk(familyOf(3), { mode: 'specimen' }),
      await composeKk(familyOf(3), { mode: 'specimen' }),
    ];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(true);
  });

  it('is not composed with a number that its mode refuses', async () => {
    await expect(composeKk(familyOf(1), { mode: 'live' })).rejects.toThrow('specimenNumberInLive');
  });
});
