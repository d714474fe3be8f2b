import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { textWidthMm } from '../../src/documents/fonts.ts';
import { fitText, lineHeightMm, type TextSlot } from '../../src/documents/text-fit.ts';
import { uglyName, uglyWord } from './sample-people.ts';

jest.setTimeout(60_000);

const measure = (text: string): number => textWidthMm('regular', text, 1);
const slot = (changes: Partial<TextSlot> = {}): TextSlot => ({
  widthMm: 36,
  heightMm: 4.4,
  maxLines: 1,
  sizePt: 6.25,
  floorPt: 4.5,
  ...changes,
});

describe('the fitting rule', () => {
  it('leaves a text that fits at its nominal size', () => {
    const fitted = fitText('SITI RAHMAWATI', slot(), measure);
    expect(fitted).toMatchObject({ lines: ['SITI RAHMAWATI'], sizePt: 6.25, abbreviated: false });
  });

  it('shrinks before it wraps, and wraps before it abbreviates', () => {
    const name = 'KURNIAWAN DWI PRASETYO HADINOTO';
    const shrunk = fitText(name, slot({ maxLines: 2 }), measure);
    expect(shrunk.lines).toEqual([name]);
    expect(shrunk.sizePt).toBeLessThan(6.25);
    const wrapped = fitText(`${name} KUSUMAWARDANA`, slot({ maxLines: 2 }), measure);
    expect(wrapped.lines.join(' ')).toBe(`${name} KUSUMAWARDANA`);
    expect(wrapped.lines).toHaveLength(2);
    expect(wrapped.abbreviated).toBe(false);
  });

  it('abbreviates middle words from the last one back, and keeps the first and the last', () => {
    const name = 'RADEN BAMBANG KURNIAWAN PRASETYO HADINOTO';
    const [line] = fitText(name, slot({ widthMm: 29 }), measure).lines;
    expect(line).toBe('RADEN BAMBANG K… P… HADINOTO');
  });

  it('leaves numbers and short words of an address whole', () => {
    const address = 'PERUMAHAN GRIYA PERMAI BLOK DD-12A NO. 177 JALAN DIPONEGORO';
    const line = fitText(address, slot({ widthMm: 42 }), measure).lines.join(' ');
    expect(line).toMatch(/DD-12A NO\. 177 J… DIPONEGORO$/);
  });

  it('breaks one long word between letters where two lines are permitted', () => {
    const fitted = fitText(uglyWord, slot({ maxLines: 2 }), measure);
    expect(fitted.lines.join('')).toBe(uglyWord);
    expect(fitted.lines).toHaveLength(2);
  });

  it('cuts one long word off with … where only one line is permitted', () => {
    const [line = ''] = fitText(uglyWord, slot(), measure).lines;
    expect(line.endsWith('…')).toBe(true);
    expect(uglyWord.startsWith(line.slice(0, -1))).toBe(true);
    expect(line.length).toBeGreaterThan(20);
  });

  it('keeps apostrophes and removes control and invisible characters', () => {
    const tidied = fitText("  SITI\u0000 NUR'\u200bAINI\u202e ", slot(), measure).lines;
    expect(tidied).toEqual(["SITI NUR'AINI"]);
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom(uglyName, uglyWord),
    fc
      .array(fc.stringMatching(/^[A-Z'. -]{1,30}$/), { maxLength: 8 })
      .map((words) => words.join(' ')),
  );
  const anySlot = fc
    .record({
      widthMm: fc.double({ min: 0.2, max: 90, noNaN: true }),
      spareMm: fc.double({ min: 0, max: 8, noNaN: true }),
      maxLines: fc.integer({ min: 1, max: 4 }),
      floorPt: fc.double({ min: 4, max: 8, noNaN: true }),
      above: fc.double({ min: 0, max: 6, noNaN: true }),
    })
    .map(({ widthMm, spareMm, maxLines, floorPt, above }) => ({
      widthMm,
      heightMm: lineHeightMm(floorPt) + spareMm,
      maxLines,
      floorPt,
      sizePt: floorPt + above,
    }));

  it('never exceeds its slot, whatever the text and the slot', () => {
    fc.assert(
      fc.property(anyText, anySlot, (text, place) => {
        const fitted = fitText(text, place, measure);
        for (const line of fitted.lines) {
          expect(measure(line) * fitted.sizePt).toBeLessThanOrEqual(place.widthMm);
        }
        expect(fitted.lines.length).toBeLessThanOrEqual(place.maxLines);
        const heightMm = fitted.lines.length * fitted.lineHeightMm;
        expect(heightMm).toBeLessThanOrEqual(place.heightMm + 1e-6);
        expect(fitted.sizePt).toBeGreaterThanOrEqual(place.floorPt);
      }),
      { numRuns: 400 },
    );
  });

  it('never leaves letters out without saying so', () => {
    const bare = (text: string): string => text.replace(/\s/g, '');
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z' ]{1,120}$/), anySlot, (text, place) => {
        const { lines, abbreviated } = fitText(text, place, measure);
        if (!abbreviated) expect(bare(lines.join(''))).toBe(bare(text));
        else expect(bare(lines.join(''))).not.toBe(bare(text));
      }),
      { numRuns: 300 },
    );
  });
});
