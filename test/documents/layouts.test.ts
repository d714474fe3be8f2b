import { readFileSync } from 'node:fs';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { kiaDocument } from '../../src/documents/kia/kia.ts';
import { ktpElDocument } from '../../src/documents/ktp-el/ktp-el.ts';
import { textWidthMm } from '../../src/documents/fonts.ts';
import { layOut } from '../../src/documents/layout/lay-out.ts';
import { layoutSchema } from '../../src/documents/layout/layout.ts';
import { layoutPlaceholders, loadLayout } from '../../src/documents/layout/load-layout.ts';
import type { CardDocument } from '../../src/documents/card-document.ts';
import type { TextRun } from '../../src/documents/drawing-list.ts';
import { kiaOf, ktpElOf, uglyAddress, uglyName, uglyWord } from './sample-people.ts';

jest.setTimeout(60_000);

const url = 'http://127.0.0.1:8080/periksa/x';
const samples: readonly (readonly [string, () => CardDocument])[] = [
  ['KTP-el', () => ktpElDocument(ktpElOf(), url)],
  ['KTP-el of a foreign resident', () => ktpElDocument(ktpElOf({ nationality: 'BELANDA' }), url)],
  ['KIA from five', () => kiaDocument(kiaOf(), url)],
  ['KIA under five', () => kiaDocument(kiaOf({ birthDate: '06-01-2021' }), url)],
];

/** The ink of a line: capitals above the baseline, descenders below. */
const inkOf = (run: TextRun) => ({
  left: run.xMm,
  right: run.xMm + textWidthMm(run.face, run.text, run.sizePt),
  top: run.baselineMm - (0.714 * run.sizePt * 25.4) / 72,
  bottom: run.baselineMm + (0.2 * run.sizePt * 25.4) / 72,
});

describe.each(samples)('the layout of the %s', (_name, sample) => {
  const card = sample();

  it('has a place for every field of the document', () => {
    const { provinceTitle, regencyTitle, verifyUrl, documentKind, ...fields } = card.values;
    expect([provinceTitle, regencyTitle, verifyUrl, documentKind]).not.toContain(undefined);
    const placed = layoutPlaceholders(card.layout);
    const titled = new Set([...placed, 'province', 'regency']);
    expect(Object.keys(fields).filter((field) => !titled.has(field))).toEqual([]);
    expect(placed.has('provinceTitle') && placed.has('regencyTitle')).toBe(true);
  });

  it('keeps every text on the card and off every other text, whatever the values', () => {
    const value = fc.oneof(
      fc.stringMatching(/^[A-Z'. -]{0,120}$/),
      fc.constantFrom(uglyName, uglyAddress, uglyWord, '-', ''),
    );
    const values = fc.record(
      Object.fromEntries(
        Object.keys(card.values)
          .filter((name) => !/date|nik|kknumber|rtrw|sex|blood|until|url/i.test(name))
          .map((name) => [name, value]),
      ),
    );
    fc.assert(
      fc.property(values, (changes) => {
        const data = { values: { ...card.values, ...changes }, rows: [], photo: null };
        const page = layOut(card.layout, data, 'specimen');
        if (!page.ok) throw new Error(page.error.character);
        const runs = page.value.list.items.filter((item) => item.kind === 'text');
        const boxes = runs.map(inkOf);
        boxes.forEach((box, index) => {
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(85.6);
          expect(box.bottom).toBeLessThanOrEqual(53.98);
          for (const other of boxes.slice(index + 1)) {
            const apart =
              box.right <= other.left ||
              other.right <= box.left ||
              box.bottom <= other.top ||
              other.bottom <= box.top;
            if (!apart) throw new Error(`two texts overlap: ${JSON.stringify([box, other])}`);
          }
        });
      }),
      { numRuns: 15 },
    );
  });
});

describe('layouts read from assets', () => {
  const raw = (): { elements: Record<string, unknown>[]; styles: Record<string, unknown> } =>
    JSON.parse(
      readFileSync(new URL('../../assets/layouts/ktp-el.json', import.meta.url), 'utf8'),
    ) as ReturnType<typeof raw>;
  const problemOf = (change: (layout: ReturnType<typeof raw>) => void): string => {
    const layout = raw();
    change(layout);
    const parsed = layoutSchema.safeParse(layout);
    return parsed.success ? 'none' : parsed.error.issues.map(({ message }) => message).join('; ');
  };

  it('are refused when something reaches beyond the page', () => {
    expect(problemOf(() => undefined)).toBe('none');
    const problem = problemOf(({ elements }) => Object.assign(elements[0] ?? {}, { xMm: 20 }));
    expect(problem).toContain('beyond the page');
  });

  it('are refused when a style does not exist or a line is too low for it', () => {
    const noStyle = problemOf(({ elements }) => Object.assign(elements[0] ?? {}, { style: 'x' }));
    expect(noStyle).toContain('no style x');
    const low = problemOf(({ elements }) => Object.assign(elements[0] ?? {}, { heightMm: 1 }));
    expect(low).toContain('too low');
  });

  it('are refused when wrapped rows could grow out of their box', () => {
    const problem = problemOf(({ elements }) => {
      const rows = elements.find(({ kind }) => kind === 'rows') ?? {};
      Object.assign(rows, { heightMm: 34 });
    });
    expect(problem).toContain('rows may grow');
  });

  it('are refused when they ask for a value the document does not have', () => {
    expect(() => loadLayout('ktp-el', new Set(['nik']))).toThrow('nothing is called {');
  });
});
