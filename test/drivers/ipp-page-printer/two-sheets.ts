import PDFDocument from 'pdfkit';

/** A small A4 landscape document of two pages that shows nobody. */
export async function twoSheets(): Promise<{ readonly pdf: Buffer; readonly pages: number }> {
  const document = new PDFDocument({ size: 'A4', layout: 'landscape' });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => document.on('end', () => resolve()));
  document.text('SPESIMEN 1').addPage().text('SPESIMEN 2').end();
  await ended;
  return { pdf: Buffer.concat(chunks), pages: 2 };
}
