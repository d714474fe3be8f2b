import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { assertNever } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Mode } from '../../domain/document.ts';
import { SPECIMEN_WORD } from '../specimen/mark.ts';
import { numberErrorOf } from '../specimen/numbers.ts';
import { A4_LANDSCAPE_HEIGHT_MM, A4_LANDSCAPE_WIDTH_MM, PT_PER_MM } from '../units.ts';
import type { SignatureError } from './signature-error.ts';

interface TextItem {
  readonly text: string;
  readonly heightPt: number;
}

interface ReadPage {
  readonly widthPt: number;
  readonly heightPt: number;
  readonly items: readonly TextItem[];
}

const SIZE_TOLERANCE_MM = 0.5;
/** A mark smaller than this share of the page's height is no mark. */
const LEAST_MARK_HEIGHT = 0.1;
/** NIK and KK numbers; a longer run of digits, such as a NIP, is neither. */
const SIXTEEN_DIGITS = /(?<!\d)\d{16}(?!\d)/g;

/** Count, size, specimen mark and numbers of the pages, read from the file itself. */
export async function checkPages(
  bytes: Uint8Array,
  expected: { readonly pages: number; readonly mode: Mode },
): Promise<Result<void, SignatureError>> {
  const pages = await readPages(bytes);
  if (pages === null) return err({ kind: 'unreadable' });
  if (pages.length !== expected.pages) return err({ kind: 'wrongPageCount', pages: pages.length });
  for (const [index, page] of pages.entries()) {
    const number = index + 1;
    if (!isA4Landscape(page)) return err({ kind: 'wrongPageSize', page: number });
    const error = markErrorOf(page, number, expected.mode);
    if (error !== null) return err(error);
  }
  const text = pages.flatMap(({ items }) => items.map((item) => item.text)).join('\n');
  const numberError = numberErrorOf(expected.mode, text.match(SIXTEEN_DIGITS) ?? []);
  return numberError === null ? ok(undefined) : err(numberError);
}

function markErrorOf(page: ReadPage, number: number, mode: Mode): SignatureError | null {
  const marked = page.items.some(
    ({ text, heightPt }) =>
      text.includes(SPECIMEN_WORD) && heightPt >= LEAST_MARK_HEIGHT * page.heightPt,
  );
  switch (mode) {
    case 'specimen':
      return marked ? null : { kind: 'specimenMarkMissing', page: number };
    case 'live':
      return marked ? { kind: 'specimenMarkInLive', page: number } : null;
    default:
      return assertNever(mode);
  }
}

const isA4Landscape = ({ widthPt, heightPt }: ReadPage): boolean =>
  Math.abs(widthPt / PT_PER_MM - A4_LANDSCAPE_WIDTH_MM) <= SIZE_TOLERANCE_MM &&
  Math.abs(heightPt / PT_PER_MM - A4_LANDSCAPE_HEIGHT_MM) <= SIZE_TOLERANCE_MM;

/** Null when the file cannot be read as a PDF. */
async function readPages(bytes: Uint8Array): Promise<ReadPage[] | null> {
  // pdfjs takes the buffer over and refuses a Buffer, whose slice() would be neither copy nor Uint8Array.
  const task = getDocument({
    data: new Uint8Array(bytes),
    disableFontFace: true,
    useSystemFonts: false,
    stopAtErrors: true,
    verbosity: 0,
  });
  try {
    const document = await task.promise;
    const pages: ReadPage[] = [];
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const { width, height } = page.getViewport({ scale: 1 });
      const { items } = await page.getTextContent();
      pages.push({
        widthPt: width,
        heightPt: height,
        items: items.flatMap((item) =>
          'str' in item ? [{ text: item.str, heightPt: item.height }] : [],
        ),
      });
    }
    return pages;
  } catch {
    // pdfjs throws its own exception classes for every kind of broken file.
    return null;
  } finally {
    await task.destroy();
  }
}
