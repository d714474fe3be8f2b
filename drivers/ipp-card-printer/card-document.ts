import { deflateSync } from 'node:zlib';

/** The picture of the contract (`printSide`): 300 dpi, three bytes a dot, top left first. */
export const PICTURE = { widthDots: 1012, heightDots: 638, bytes: 1012 * 638 * 3 } as const;
/** ISO/IEC 7810 ID-1, 85.60 × 53.98 mm, in points of 1/72 inch. */
const PAGE = { width: '242.646', height: '153.014' } as const;

/**
 * A PDF (ISO 32000-1 §7.5) of one page of the card's size that the picture fills; without a picture the page
 * is empty. The same picture gives the same bytes.
 */
export function cardDocument(rgb: Uint8Array | null): Buffer {
  const drawing = rgb === null ? '' : `${PAGE.width} 0 0 ${PAGE.height} 0 0 cm /Card Do`;
  const objects = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Contents 4 0 R ` +
        `/Resources << ${rgb === null ? '' : '/XObject << /Card 5 0 R >>'} >> >>`,
    ),
    stream('', Buffer.from(drawing)),
    ...(rgb === null ? [] : [picture(rgb)]),
  ];
  const parts = [Buffer.from('%PDF-1.4\n')];
  const places: number[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [index, object] of objects.entries()) {
    places.push(at);
    const whole = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      object,
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(whole);
    at += whole.length;
  }
  const entries = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`);
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join('')}` +
        `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** §8.9.5: an image, deflated (§7.4.4). */
const picture = (rgb: Uint8Array): Buffer =>
  stream(
    `/Type /XObject /Subtype /Image /Width ${PICTURE.widthDots} /Height ${PICTURE.heightDots} ` +
      '/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode ',
    deflateSync(rgb),
  );

const stream = (entries: string, data: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`<< ${entries}/Length ${data.length} >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);
