import type { Glyph } from 'fontkit';
import { createCanvas, loadImage, Path2D, type SKRSContext2D } from '../../base/canvas.ts';
import { assertNever } from '../../base/assert.ts';
import type { DrawingItem, DrawingList, Mark, Picture, QrCode, TextRun } from '../drawing-list.ts';
import { faceOf, shapeText } from '../fonts.ts';
import { QR_QUIET_MODULES } from '../qr.ts';
import { DOTS_PER_MM, PT_PER_MM } from '../units.ts';
import { coverBox } from './picture-box.ts';
import { darkRuns } from './qr-runs.ts';

export interface Raster {
  readonly widthDots: number;
  readonly heightDots: number;
  /** Row by row from the top left, four bytes a dot, alpha always 255. */
  readonly rgba: Uint8Array;
}

/** Draws a list at 300 dpi on white. A picture that is not a readable JPEG rejects. */
export async function renderRaster(
  list: DrawingList,
  widthDots: number,
  heightDots: number,
): Promise<Raster> {
  const canvas = createCanvas(widthDots, heightDots);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, widthDots, heightDots);
  for (const item of list.items) await drawItem(context, item);
  return { widthDots, heightDots, rgba: pixels(context, widthDots, heightDots) };
}

/** The dots that a mark covers wholly: 1 in the answer, one byte a dot. */
export function markMask(mark: Mark, widthDots: number, heightDots: number): Uint8Array {
  const context = createCanvas(widthDots, heightDots).getContext('2d');
  drawMark(context, mark);
  const rgba = pixels(context, widthDots, heightDots);
  return Uint8Array.from({ length: widthDots * heightDots }, (_, dot) =>
    rgba[dot * 4 + 3] === 255 ? 1 : 0,
  );
}

function pixels(context: SKRSContext2D, widthDots: number, heightDots: number): Uint8Array {
  return new Uint8Array(context.getImageData(0, 0, widthDots, heightDots).data);
}

const dots = (mm: number): number => mm * DOTS_PER_MM;

async function drawItem(context: SKRSContext2D, item: DrawingItem): Promise<void> {
  switch (item.kind) {
    case 'text':
      drawText(context, item);
      return;
    case 'line':
      context.strokeStyle = item.colour;
      context.lineWidth = dots(item.strokeMm);
      context.beginPath();
      context.moveTo(dots(item.x1Mm), dots(item.y1Mm));
      context.lineTo(dots(item.x2Mm), dots(item.y2Mm));
      context.stroke();
      return;
    case 'rect':
      context.fillStyle = item.fill;
      context.fillRect(dots(item.xMm), dots(item.yMm), dots(item.widthMm), dots(item.heightMm));
      return;
    case 'picture':
      await drawPicture(context, item);
      return;
    case 'qr':
      drawQr(context, item);
      return;
    case 'mark':
      drawMark(context, item);
      return;
    default:
      assertNever(item);
  }
}

const dotsPerPt = DOTS_PER_MM / PT_PER_MM;

type Outline = InstanceType<typeof Path2D>;

/** Kept, because making one costs several times what drawing it does; a card repeats the same few letters. */
const outlines = new WeakMap<Glyph, Outline>();

function outlineOf(glyph: Glyph): Outline {
  const kept = outlines.get(glyph);
  if (kept !== undefined) return kept;
  const outline = new Path2D(glyph.path.toSVG());
  outlines.set(glyph, outline);
  return outline;
}

/** Outlines, not canvas text: hinting and the canvas's own shaping would leave the measured places. */
function drawText(context: SKRSContext2D, item: TextRun): void {
  const face = faceOf(item.face);
  const scale = (item.sizePt * dotsPerPt) / face.font.unitsPerEm;
  context.fillStyle = item.colour;
  for (const { glyph, xUnits } of shapeText(face, item.text).glyphs) {
    context.setTransform(
      scale,
      0,
      0,
      -scale,
      dots(item.xMm) + xUnits * scale,
      dots(item.baselineMm),
    );
    context.fill(outlineOf(glyph));
  }
  context.resetTransform();
}

async function drawPicture(context: SKRSContext2D, item: Picture): Promise<void> {
  const image = await loadImage(Buffer.from(item.jpeg));
  const box = {
    x: dots(item.xMm),
    y: dots(item.yMm),
    width: dots(item.widthMm),
    height: dots(item.heightMm),
  };
  const place = coverBox(image, box);
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  context.drawImage(image, place.x, place.y, place.width, place.height);
  context.restore();
}

/** Modules are whole dots on whole dots: a printer's threshold would fray anything else. */
function drawQr(context: SKRSContext2D, item: QrCode): void {
  const across = item.modules.size + 2 * QR_QUIET_MODULES;
  const module = Math.max(1, Math.floor(dots(item.sizeMm) / across));
  const spare = (dots(item.sizeMm) - across * module) / 2;
  const left = Math.round(dots(item.xMm) + spare) + QR_QUIET_MODULES * module;
  const top = Math.round(dots(item.yMm) + spare) + QR_QUIET_MODULES * module;
  context.fillStyle = '#000000';
  for (const { column, row, length } of darkRuns(item.modules)) {
    context.fillRect(left + column * module, top + row * module, length * module, module);
  }
}

function drawMark(context: SKRSContext2D, item: Mark): void {
  const face = faceOf(item.face);
  const scale = (item.sizePt * dotsPerPt) / face.font.unitsPerEm;
  const shaped = shapeText(face, item.text);
  const angle = (-item.angleDegrees * Math.PI) / 180;
  context.strokeStyle = item.colour;
  context.lineJoin = 'round';
  context.lineWidth = dots(item.strokeMm) / scale;
  for (const { glyph, xUnits } of shaped.glyphs) {
    context.resetTransform();
    context.translate(dots(item.centreXMm), dots(item.centreYMm));
    context.rotate(angle);
    context.translate((xUnits - shaped.widthUnits / 2) * scale, (face.font.capHeight * scale) / 2);
    context.scale(scale, -scale);
    context.stroke(outlineOf(glyph));
  }
  context.resetTransform();
}
