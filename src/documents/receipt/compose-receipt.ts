import { assert } from '../../base/assert.ts';
import type { DocumentKind, Mode } from '../../domain/document.ts';
import { layOut } from '../layout/lay-out.ts';
import { loadLayout } from '../layout/load-layout.ts';
import { renderPdf } from '../render/pdf.ts';

export type ReceiptLanguage = 'id' | 'en';

/** Nothing here names the citizen: a slip is left lying about. */
export interface ReceiptContent {
  readonly language: ReceiptLanguage;
  readonly terminalName: string;
  readonly documentKind: DocumentKind;
  /** What the citizen quotes at the desk; not a NIK. */
  readonly reference: string;
  /** Date and time as they are to stand on the slip. */
  readonly time: string;
  /** What became of the document, in one sentence. */
  readonly outcome: string;
  /** What to do now; empty when there is nothing. */
  readonly nextStep: string;
  readonly verifyUrl: string;
  /** Milliseconds since the Unix epoch; goes into the file, so that the same slip has the same bytes. */
  readonly createdAtMs: number;
}

const words = {
  id: {
    title: 'BUKTI LAYANAN',
    documentLabel: 'Dokumen',
    referenceLabel: 'Nomor rujukan',
    timeLabel: 'Waktu',
    scanHint: 'Pindai kode QR untuk memeriksa atau menyampaikan pengaduan.',
    freeOfCharge:
      'Semua layanan administrasi kependudukan gratis. Laporkan bila ada yang meminta bayaran.',
  },
  en: {
    title: 'SERVICE RECEIPT',
    documentLabel: 'Document',
    referenceLabel: 'Reference number',
    timeLabel: 'Time',
    scanHint: 'Scan the QR code to check this or to make a complaint.',
    freeOfCharge:
      'All population administration services are free of charge. Report anyone who asks for payment.',
  },
} as const;

const documentNames: Readonly<Record<ReceiptLanguage, Readonly<Record<DocumentKind, string>>>> = {
  id: { ktpEl: 'KTP-el', kia: 'KIA (Kartu Identitas Anak)', kk: 'KK (Kartu Keluarga)' },
  en: { ktpEl: 'KTP-el (identity card)', kia: 'KIA (child identity card)', kk: 'KK (family card)' },
};

const layout = loadLayout(
  'receipt',
  new Set([
    ...Object.keys(words.id),
    'terminalName',
    'document',
    'reference',
    'time',
    'outcome',
    'nextStep',
    'verifyUrl',
  ]),
);

/** A slip of 80 × 150 mm. Same input, same bytes. */
export async function composeReceipt(
  content: ReceiptContent,
  options: { readonly mode: Mode },
): Promise<Uint8Array> {
  const { language, terminalName, reference, time, outcome, nextStep, verifyUrl } = content;
  const values = {
    ...words[language],
    document: documentNames[language][content.documentKind],
    ...{ terminalName, reference, time, outcome, nextStep, verifyUrl },
  };
  const page = layOut(layout, { values, rows: [], photo: null }, options.mode);
  assert(page.ok, 'the sentences of a receipt are our own and printable');
  const createdAt = new Date(content.createdAtMs);
  return renderPdf([page.value.list], { title: words[language].title, language, createdAt });
}
