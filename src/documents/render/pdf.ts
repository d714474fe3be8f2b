import PDFDocument from 'pdfkit';
import { assertNever } from '../../base/assert.ts';
import type { DrawingItem, DrawingList, Mark, Picture, QrCode } from '../drawing-list.ts';
import { faceOf } from '../fonts.ts';
import { QR_QUIET_MODULES } from '../qr.ts';
import { jpegSize } from '../photo/jpeg-size.ts';
import { PT_PER_MM } from '../units.ts';
import { coverBox } from './picture-box.ts';
import { darkRuns } from './qr-runs.ts';

export interface PdfInfo {
  /** Says the kind of document, never whose it is. */
  readonly title: string;
  readonly language: 'id' | 'en';
  /** Goes into the file in place of the clock's time: the same input gives the same bytes. */
  readonly createdAt: Date;
}

type Page = InstanceType<typeof PDFDocument>;

/**
 * Drawing lists as one PDF 1.7 file (ISO 32000-1), one page each in its exact size, text as text.
 * Completes when the last byte is written.
 */
export function renderPdf(pages: readonly DrawingList[], info: PdfInfo): Promise<Uint8Array> {
  const pdf = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    pdfVersion: '1.7',
    lang: info.language,
    displayTitle: true,
    info: {
      Title: info.title,
      Creator: 'Anjungan',
      Producer: 'Anjungan',
      CreationDate: info.createdAt,
      ModDate: info.createdAt,
    },
  });
  const chunks: Buffer[] = [];
  const finished = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('error', reject);
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
  });
  for (const name of ['regular', 'bold'] as const) pdf.registerFont(name, faceOf(name).bytes);
  for (const page of pages) {
    const size: [number, number] = [page.widthMm * PT_PER_MM, page.heightMm * PT_PER_MM];
    pdf.addPage({ size, margin: 0 });
    for (const item of page.items) drawItem(pdf, item);
  }
  pdf.end();
  return finished;
}

const pt = (mm: number): number => mm * PT_PER_MM;

function drawItem(pdf: Page, item: DrawingItem): void {
  switch (item.kind) {
    case 'text':
      pdf
        .font(item.face)
        .fontSize(item.sizePt)
        .fillColor(item.colour)
        .text(item.text, pt(item.xMm), pt(item.baselineMm), {
          lineBreak: false,
          baseline: 'alphabetic',
        });
      return;
    case 'line':
      pdf
        .moveTo(pt(item.x1Mm), pt(item.y1Mm))
        .lineTo(pt(item.x2Mm), pt(item.y2Mm))
        .lineWidth(pt(item.strokeMm))
        .strokeColor(item.colour)
        .stroke();
      return;
    case 'rect':
      pdf
        .rect(pt(item.xMm), pt(item.yMm), pt(item.widthMm), pt(item.heightMm))
        .fillColor(item.fill)
        .fill();
      return;
    case 'picture':
      drawPicture(pdf, item);
      return;
    case 'qr':
      drawQr(pdf, item);
      return;
    case 'mark':
      drawMark(pdf, item);
      return;
    default:
      assertNever(item);
  }
}

function drawPicture(pdf: Page, item: Picture): void {
  const box = {
    x: pt(item.xMm),
    y: pt(item.yMm),
    width: pt(item.widthMm),
    height: pt(item.heightMm),
  };
  const size = jpegSize(item.jpeg);
  const place = coverBox(size.ok ? size.value : box, box);
  pdf.save().rect(box.x, box.y, box.width, box.height).clip();
  pdf.image(Buffer.from(item.jpeg), place.x, place.y, { width: place.width, height: place.height });
  pdf.restore();
}

function drawQr(pdf: Page, item: QrCode): void {
  const module = pt(item.sizeMm) / (item.modules.size + 2 * QR_QUIET_MODULES);
  const left = pt(item.xMm) + QR_QUIET_MODULES * module;
  const top = pt(item.yMm) + QR_QUIET_MODULES * module;
  for (const { column, row, length } of darkRuns(item.modules)) {
    pdf.rect(left + column * module, top + row * module, length * module, module);
  }
  pdf.fillColor('#000000').fill();
}

function drawMark(pdf: Page, item: Mark): void {
  const { font } = faceOf(item.face);
  pdf.save();
  pdf
    .translate(pt(item.centreXMm), pt(item.centreYMm))
    .rotate(-item.angleDegrees)
    .font(item.face)
    .fontSize(item.sizePt);
  const width = pdf.widthOfString(item.text);
  pdf
    .lineWidth(pt(item.strokeMm))
    .lineJoin('round')
    .strokeColor(item.colour)
    .text(item.text, -width / 2, (item.sizePt * font.capHeight) / font.unitsPerEm / 2, {
      lineBreak: false,
      baseline: 'alphabetic',
      stroke: true,
      fill: false,
    });
  pdf.restore();
}
