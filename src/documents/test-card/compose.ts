import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { layOut, type UnprintableText } from '../layout/lay-out.ts';
import { loadLayout } from '../layout/load-layout.ts';
import { renderRaster, type Raster } from '../render/raster.ts';
import { specimenMarkIsDrawn } from '../specimen/check-raster.ts';
import { CARD_HEIGHT_DOTS, CARD_WIDTH_DOTS } from '../units.ts';

/** What stands on the card beside the figures by which a printer is judged. Nothing of it is a person's. */
export interface TestCardContent {
  readonly terminalId: string;
  readonly testCardId: string;
  readonly feeder: string;
  readonly serial: string;
  /** Date and time as they are to stand on the card. */
  readonly time: string;
}

const layout = loadLayout(
  'test-card',
  new Set(['terminalId', 'testCardId', 'feeder', 'serial', 'time']),
);

/** The front of a test card, 1012 × 638 at 300 dpi. It is a specimen always, and completes only with the mark in its dots. */
export async function composeTestCard(
  content: TestCardContent,
): Promise<Result<Raster, UnprintableText>> {
  const page = layOut(layout, { values: { ...content }, rows: [], photo: null }, 'specimen');
  if (!page.ok) return page;
  const raster = await renderRaster(page.value.list, CARD_WIDTH_DOTS, CARD_HEIGHT_DOTS);
  assert(specimenMarkIsDrawn(raster), 'a test card without its mark');
  return { ok: true, value: raster };
}
