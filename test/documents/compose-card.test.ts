import { describe, expect, it, jest } from '@jest/globals';
import {
  composeCard,
  composeCardPdf,
  type CardOptions,
  type ComposedCard,
} from '../../src/documents/compose-card.ts';
import type { DrawingList } from '../../src/documents/drawing-list.ts';
import { kiaDocument } from '../../src/documents/kia/kia.ts';
import { ktpElDocument } from '../../src/documents/ktp-el/ktp-el.ts';
import { layOut } from '../../src/documents/layout/lay-out.ts';
import { drawnPhoto } from '../../src/documents/photo/drawn-photo.ts';
import { qrModules } from '../../src/documents/qr.ts';
import { markMask, renderRaster } from '../../src/documents/render/raster.ts';
import { specimenMarkIsDrawn } from '../../src/documents/specimen/check-raster.ts';
import { specimenMark } from '../../src/documents/specimen/mark.ts';
import type { CardFields } from '../../src/domain/card-fields.ts';
import { poppler } from './poppler.ts';
import { kiaOf, ktpElOf, uglyChanges } from './sample-people.ts';

jest.setTimeout(60_000);

const verifyUrl = 'http://127.0.0.1:8080/periksa/req_K7Q2M5X3';
const specimen: CardOptions = { mode: 'specimen', verifyUrl };
const photo = drawnPhoto({ seed: 'contoh', birthYear: 1990 });
const infant = kiaOf({ birthDate: '06-01-2021', nik: '9901120601210002' });

async function composed(
  fields: CardFields,
  picture: Uint8Array | null = photo,
): Promise<ComposedCard> {
  const card = await composeCard(fields, picture, specimen);
  if (!card.ok) throw new Error(card.error.kind);
  return card.value;
}

async function errorOf(
  fields: CardFields,
  picture: Uint8Array | null,
  options = specimen,
): Promise<unknown> {
  const card = await composeCard(fields, picture, options);
  const pdf = await composeCardPdf(fields, picture, options);
  expect(pdf.ok).toBe(card.ok);
  return card.ok ? 'none' : card.error;
}

function listOf(mode: 'specimen' | 'live'): DrawingList {
  const { layout, values } = ktpElDocument(ktpElOf(), verifyUrl);
  const page = layOut(layout, { values, rows: [], photo }, mode);
  if (!page.ok) throw new Error(page.error.character);
  return page.value.list;
}

describe('a card raster', () => {
  it('is the front at 1012 × 638 dots, opaque', async () => {
    const { sides } = await composed(ktpElOf());
    expect(sides.map(({ side }) => side)).toEqual(['front']);
    const [front] = sides;
    expect([front?.widthDots, front?.heightDots]).toEqual([1012, 638]);
    expect(front?.rgba).toHaveLength(1012 * 638 * 4);
    expect(front?.rgba.every((byte, index) => index % 4 !== 3 || byte === 255)).toBe(true);
  });

  it('is the same bytes for the same input, and others for another name', async () => {
    const [first, again] = [await composed(ktpElOf()), await composed(ktpElOf())];
    expect(again.digest).toBe(first.digest);
    const other = await composed(ktpElOf({ name: 'SITI RAHMAWATY' }));
    expect(other.digest).not.toBe(first.digest);
  });

  it('says which values it had to abbreviate, by name and never by content', async () => {
    expect((await composed(ktpElOf())).abbreviated).toEqual([]);
    const ugly = await composed(ktpElOf({ ...uglyChanges }));
    expect(ugly.abbreviated).toContain('address');
    expect(JSON.stringify(ugly.abbreviated)).not.toContain('MUKMININ');
  });

  it('shows every module of the QR code of a KIA under five', async () => {
    const { sides } = await composed(infant, null);
    const rgba = sides[0]?.rgba ?? new Uint8Array();
    const { size, dark } = qrModules(verifyUrl);
    const item = kiaDocument(infant, verifyUrl).layout.elements.find(({ kind }) => kind === 'qr');
    if (item?.kind !== 'qr') throw new Error('no QR code in the layout');
    const sideDots = (item.sizeMm * 300) / 25.4;
    const module = Math.floor(sideDots / (size + 8));
    const spare = (sideDots - (size + 8) * module) / 2;
    const left = Math.round((item.xMm * 300) / 25.4 + spare) + 4 * module;
    const top = Math.round((item.yMm * 300) / 25.4 + spare) + 4 * module;
    const seen = dark.map((_dark, index) => {
      const x = left + (index % size) * module + (module >> 1);
      const y = top + Math.floor(index / size) * module + (module >> 1);
      return rgba[(y * 1012 + x) * 4] === 0;
    });
    expect(seen).toEqual(dark);
  });
});

describe('the specimen mark of a card', () => {
  it('is found in the finished dots', async () => {
    for (const card of [await composed(ktpElOf()), await composed(infant, null)]) {
      expect(card.sides.map(specimenMarkIsDrawn)).toEqual([true]);
    }
  });

  it('is missed when the page was drawn without it', async () => {
    const raster = await renderRaster(listOf('live'), 1012, 638);
    expect(specimenMarkIsDrawn(raster)).toBe(false);
  });

  it('is missed when it was drawn first and the photo over it', async () => {
    const list = listOf('specimen');
    const marks = list.items.filter(({ kind }) => kind === 'mark');
    const others = list.items.filter(({ kind }) => kind !== 'mark');
    expect(marks).toHaveLength(1);
    const raster = await renderRaster({ ...list, items: [...marks, ...others] }, 1012, 638);
    expect(specimenMarkIsDrawn(raster)).toBe(false);
  });

  it('is missed when a single dot of it has another colour', async () => {
    const [front] = (await composed(ktpElOf())).sides;
    if (front === undefined) throw new Error('no front');
    const mask = markMask(specimenMark(85.6, 53.98), 1012, 638);
    const dots = Array.from(mask, (dot, index) => (dot === 1 ? index : -1)).filter((at) => at >= 0);
    expect(dots.length).toBeGreaterThan(10_000);
    for (const dot of [dots[0], dots[Math.floor(dots.length / 2)], dots.at(-1)]) {
      const rgba = front.rgba.slice();
      rgba[(dot ?? 0) * 4 + 1] = 255;
      expect(specimenMarkIsDrawn({ ...front, rgba })).toBe(false);
    }
  });
});

describe('a card page', () => {
  it('is exactly 85.60 × 53.98 mm, one page, with the same bytes each time', async () => {
    const [page, again] = [
      await composeCardPdf(ktpElOf(), photo, specimen),
      await composeCardPdf(ktpElOf(), photo, specimen),
    ];
    if (!page.ok || !again.ok) throw new Error('refused');
    expect(Buffer.from(again.value).equals(Buffer.from(page.value))).toBe(true);
    const info = poppler('pdfinfo', page.value);
    expect(info).toMatch(/Pages:\s+1\n/);
    expect(info).toMatch(/Page size:\s+242\.646 x 153\.014 pts/);
    expect(info).not.toContain('SITI');
  });

  it('holds the fields in the order of the form, and the mark', async () => {
    const page = await composeCardPdf(ktpElOf(), photo, specimen);
    if (!page.ok) throw new Error('refused');
    const text = poppler('pdftotext', page.value, ['-raw']);
    const order = [
      'PROVINSI JAWA TIMUR',
      'KABUPATEN LAMONGAN',
      '9901125203900001',
      'SITI RAHMAWATI',
      'LAMONGAN, 12-03-1990',
      'PEREMPUAN',
      'JL. CONTOH RAYA NO. 12',
      '003/007',
      'SUKOMULYO',
      'ISLAM',
      'BELUM KAWIN',
      'KARYAWAN SWASTA',
      'WNI',
      'SEUMUR HIDUP',
      '05-01-2026',
    ].map((part) => text.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(text).toContain('Gol. Darah : O');
    expect(text).toContain('SPESIMEN');
  });
});

describe('what a card refuses', () => {
  it('a number outside province 99 in specimen mode, and one of it in live mode', async () => {
    const elsewhere = ktpElOf({ nik: '9801125203900001' });
    expect(await errorOf(elsewhere, photo)).toEqual({ kind: 'liveNumberInSpecimen' });
    const family = kiaOf({ kkNumber: '9801120101150003' });
    expect(await errorOf(family, photo)).toEqual({ kind: 'liveNumberInSpecimen' });
    const live: CardOptions = { mode: 'live', verifyUrl };
    expect(await errorOf(ktpElOf(), photo, live)).toEqual({ kind: 'specimenNumberInLive' });
  });

  it('a KTP-el or a KIA from five without photo, a KIA under five with one', async () => {
    expect(await errorOf(ktpElOf(), null)).toEqual({ kind: 'photoMissing' });
    expect(await errorOf(kiaOf(), null)).toEqual({ kind: 'photoMissing' });
    expect(await errorOf(infant, photo)).toEqual({ kind: 'photoUnexpected' });
    const fifthBirthday = kiaOf({ birthDate: '05-01-2021' });
    expect(await errorOf(fifthBirthday, null)).toEqual({ kind: 'photoMissing' });
  });

  it('a photo that is no JPEG or is far too large', async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(await errorOf(ktpElOf(), png)).toEqual({ kind: 'notAJpeg' });
    expect(await errorOf(ktpElOf(), new Uint8Array())).toEqual({ kind: 'notAJpeg' });
    const huge = photo.slice();
    const frame = Buffer.from(huge).indexOf(Buffer.from([0xff, 0xc0]));
    huge.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    expect(await errorOf(ktpElOf(), huge)).toEqual({ kind: 'tooManyPixels' });
  });

  it('a character that the fonts lack, rather than print a name wrongly', async () => {
    const error = await errorOf(ktpElOf({ name: 'SITI 林' }), photo);
    expect(error).toEqual({ kind: 'unprintableText', value: 'name', character: 'U+6797' });
  });
});
