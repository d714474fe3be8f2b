import { signatureOver, type PdfSigner } from '../../../src/documents/signature/sign.ts';
import type { SignatureError } from '../../../src/documents/signature/signature-error.ts';

/** The numbers of the objects that every file here has. */
export const [CATALOG, PAGES, PAGE, CONTENT, FONT, FIELD, FORM, SIGNATURE] = [
  1, 2, 3, 4, 5, 6, 7, 8,
];

export type Bodies = ReadonlyMap<number, string>;

/** What stops a file, as far as it matters. */
export interface Refused {
  readonly kind: SignatureError['kind'];
  readonly name?: string;
  readonly detail?: string;
  readonly what?: string;
}

export interface Sketch {
  readonly header?: string;
  readonly bodies: Bodies;
  readonly trailer?: string;
  /** Between the last object and the table. */
  readonly beforeXref?: string;
  readonly tail?: string;
  /** Number and offset by which the table says something else. */
  readonly xref?: (number: number, offset: number) => number;
}

const CONTENTS_DIGITS = 12_000;
const GAP = /<0{12000}>/;
const RANGE = '[0 0000000000 0000000000 0000000000]';
const marked = 'BT /F1 100 Tf 60 240 Td (SPESIMEN) Tj ET';

export const streamOf = (entries: string, content: string): string =>
  `<< ${entries} /Length ${content.length} >>\nstream\n${content}\nendstream`;

export const signatureBody = (more = ''): string =>
  `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange ${RANGE} ` +
  `/Contents <${'0'.repeat(CONTENTS_DIGITS)}> /M (D:20260105090000Z) ${more} >>`;

/** One A4 sheet with the specimen mark, in one revision, with its signature field. */
export const genuineBodies: Bodies = new Map([
  [CATALOG, `<< /Type /Catalog /Pages ${PAGES} 0 R /AcroForm ${FORM} 0 R >>`],
  [PAGES, `<< /Type /Pages /Count 1 /Kids [${PAGE} 0 R] >>`],
  [
    PAGE,
    `<< /Type /Page /Parent ${PAGES} 0 R /MediaBox [0 0 841.89 595.28] /Contents ${CONTENT} 0 R ` +
      `/Resources << /Font << /F1 ${FONT} 0 R >> >> /Annots [${FIELD} 0 R] >>`,
  ],
  [CONTENT, streamOf('', marked)],
  [FONT, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'],
  [
    FIELD,
    `<< /Type /Annot /Subtype /Widget /FT /Sig /Rect [0 0 0 0] /V ${SIGNATURE} 0 R /T (Signature1) /F 4 ` +
      `/P ${PAGE} 0 R >>`,
  ],
  [FORM, `<< /Fields [${FIELD} 0 R] /SigFlags 3 >>`],
  [SIGNATURE, signatureBody()],
]);

/** The genuine objects with some exchanged or added. */
export const bodies = (changes: Readonly<Record<number, string>>): Bodies =>
  new Map([
    ...genuineBodies,
    ...Object.entries(changes).map(([number, body]) => [Number(number), body] as const),
  ]);

/** An entry added to the dictionary with which an object begins. */
export const withEntry = (number: number, entry: string): Bodies =>
  bodies({ [number]: (genuineBodies.get(number) ?? '').replace('<<', `<< ${entry}`) });

/** The file of a sketch, not yet signed. */
export function written(sketch: Sketch): string {
  const { header = '%PDF-1.7\n', trailer = '', beforeXref = '', tail = '\n%%EOF' } = sketch;
  let text = header;
  const offsets = new Map<number, number>();
  for (const [number, body] of sketch.bodies) {
    offsets.set(number, text.length);
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  text += beforeXref;
  const size = Math.max(...offsets.keys()) + 1;
  const entry = (number: number): string => {
    const offset = offsets.get(number);
    if (offset === undefined) return '0000000000 00000 f \n';
    const said = sketch.xref?.(number, offset) ?? offset;
    return `${String(said).padStart(10, '0')} 00000 n \n`;
  };
  const rows = Array.from({ length: size - 1 }, (_, index) => entry(index + 1)).join('');
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}`;
  return (
    `${text}${table}trailer\n<< /Size ${size} /Root ${CATALOG} 0 R ${trailer} >>\n` +
    `startxref\n${text.length}${tail}`
  );
}

/** A revision behind a file that is not yet signed, which puts these objects in the place of others or beside them. */
export function revised(text: string, changes: Bodies): string {
  const prev = Number(/startxref\n(\d+)\n%%EOF$/.exec(text)?.[1]);
  let after = `${text}\n`;
  const sections: string[] = [];
  for (const [number, body] of changes) {
    sections.push(`${number} 1\n${String(after.length).padStart(10, '0')} 00000 n \n`);
    after += `${number} 0 obj\n${body}\nendobj\n`;
  }
  return (
    `${after}xref\n${sections.join('')}trailer\n<< /Size 99 /Root ${CATALOG} 0 R /Prev ${prev} >>\n` +
    `startxref\n${after.length}\n%%EOF`
  );
}

/** Signs all of a file but the place of the signature, wherever that lies. */
export async function sealed(text: string, by: PdfSigner): Promise<Uint8Array> {
  const gap = GAP.exec(text);
  if (gap === null) throw new Error('there is no place for a signature');
  const [before, resume] = [gap.index, gap.index + gap[0].length];
  const digits = (value: number): string => String(value).padStart(10, '0');
  const range = `[0 ${digits(before)} ${digits(resume)} ${digits(text.length - resume)}]`;
  const ranged = text.replace(RANGE, range);
  const signed = Buffer.from(ranged.slice(0, before) + ranged.slice(resume), 'latin1');
  const cms = (await signatureOver(signed, by)).toString('hex').padEnd(CONTENTS_DIGITS, '0');
  return bytesOf(`${ranged.slice(0, before)}<${cms}>${ranged.slice(resume)}`);
}

export const sealedSketch = (sketch: Sketch, by: PdfSigner): Promise<Uint8Array> =>
  sealed(written(sketch), by);

export const textOf = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');
export const bytesOf = (latin1: string): Uint8Array =>
  new Uint8Array(Buffer.from(latin1, 'latin1'));
