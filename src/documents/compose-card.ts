import { assert } from '../base/assert.ts';
import { sha256Hex } from '../base/canonical-json.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CardFields } from '../domain/card-fields.ts';
import type { Mode } from '../domain/document.ts';
import { dayStart, type CardDocument } from './card-document.ts';
import { kiaDocument } from './kia/kia.ts';
import { ktpElDocument } from './ktp-el/ktp-el.ts';
import { layOut, type LaidOutPage, type UnprintableText } from './layout/lay-out.ts';
import { jpegSize, type JpegError } from './photo/jpeg-size.ts';
import { renderPdf } from './render/pdf.ts';
import { renderRaster, type Raster } from './render/raster.ts';
import { specimenMarkIsDrawn } from './specimen/check-raster.ts';
import { numberErrorOf, type NumberError } from './specimen/numbers.ts';
import { CARD_HEIGHT_DOTS, CARD_WIDTH_DOTS } from './units.ts';

export interface CardOptions {
  readonly mode: Mode;
  /** Where the QR codes point, on layouts that have one. It holds no personal data. */
  readonly verifyUrl: string;
}

export interface CardSide extends Raster {
  readonly side: 'front';
}

export interface ComposedCard {
  /** The sides that the layout declares; the others are pre-printed on the blank. */
  readonly sides: readonly CardSide[];
  /** SHA-256 over the dots of all sides. */
  readonly digest: string;
  /** Names of values that did not fit and were abbreviated by the rule of text-fit.ts. */
  readonly abbreviated: readonly string[];
}

export type ComposeError =
  | NumberError
  | UnprintableText
  | JpegError
  | { readonly kind: 'photoMissing' }
  | { readonly kind: 'photoUnexpected' };

/**
 * The card's canonical raster, 1012 × 638 at 300 dpi: same input, same bytes. In specimen mode it
 * completes only when the mark was found in the finished dots.
 */
export async function composeCard(
  fields: CardFields,
  photo: Uint8Array | null,
  options: CardOptions,
): Promise<Result<ComposedCard, ComposeError>> {
  const page = drawCard(fields, photo, options);
  if (!page.ok) return page;
  const raster = await renderRaster(page.value.list, CARD_WIDTH_DOTS, CARD_HEIGHT_DOTS);
  if (options.mode === 'specimen') {
    assert(specimenMarkIsDrawn(raster), 'a specimen card without its mark');
  }
  return ok({
    sides: [{ side: 'front', ...raster }],
    digest: sha256Hex(raster.rgba),
    abbreviated: page.value.abbreviated,
  });
}

/** The same card as a vector page of exactly 85.60 × 53.98 mm. */
export async function composeCardPdf(
  fields: CardFields,
  photo: Uint8Array | null,
  options: CardOptions,
): Promise<Result<Uint8Array, ComposeError>> {
  const page = drawCard(fields, photo, options);
  if (!page.ok) return page;
  const title = fields.documentKind === 'ktpEl' ? 'KTP-el' : 'KIA';
  const createdAt = dayStart(fields.issueDate);
  return ok(await renderPdf([page.value.list], { title, language: 'id', createdAt }));
}

function drawCard(
  fields: CardFields,
  photo: Uint8Array | null,
  { mode, verifyUrl }: CardOptions,
): Result<LaidOutPage, ComposeError> {
  const card = cardDocument(fields, verifyUrl);
  const numberError = numberErrorOf(mode, card.numbers);
  if (numberError !== null) return err(numberError);
  if (card.photo === 'required') {
    if (photo === null) return err({ kind: 'photoMissing' });
    const size = jpegSize(photo);
    if (!size.ok) return size;
  } else if (photo !== null) {
    return err({ kind: 'photoUnexpected' });
  }
  return layOut(card.layout, { values: card.values, rows: [], photo }, mode);
}

function cardDocument(fields: CardFields, verifyUrl: string): CardDocument {
  switch (fields.documentKind) {
    case 'ktpEl':
      return ktpElDocument(fields, verifyUrl);
    case 'kia':
      return kiaDocument(fields, verifyUrl);
  }
}
