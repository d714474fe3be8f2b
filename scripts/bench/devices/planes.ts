import { spawn } from 'node:child_process';
import { blackPlane, colourPlanes } from '../../../drivers/evolis-card-printer/planes.ts';
import type { CardDocument } from '../../../src/documents/card-document.ts';
import type { DrawingList } from '../../../src/documents/drawing-list.ts';
import { kiaDocument } from '../../../src/documents/kia/kia.ts';
import { ktpElDocument } from '../../../src/documents/ktp-el/ktp-el.ts';
import { layOut } from '../../../src/documents/layout/lay-out.ts';
import { drawnPhoto } from '../../../src/documents/photo/drawn-photo.ts';
import { renderPdf } from '../../../src/documents/render/pdf.ts';
import { renderRaster } from '../../../src/documents/render/raster.ts';
import { CARD_HEIGHT_DOTS, CARD_WIDTH_DOTS } from '../../../src/documents/units.ts';
import { kiaFieldsSchema, ktpElFieldsSchema } from '../../../src/domain/card-fields.ts';
import { withoutAlpha } from '../../../src/issuance/document-checks.ts';
import { median, type Measure } from '../table.ts';
import { inTurn } from './in-turn.ts';

const ROUNDS = 30;
const WARM_UP = 8;
const SIDE_BYTES = CARD_WIDTH_DOTS * CARD_HEIGHT_DOTS * 3;

/** People of province 99, who cannot exist. */
const person = {
  birthPlace: 'SPESIMEN',
  sex: 'PEREMPUAN',
  bloodGroup: 'O',
  address: 'JL. CONTOH RAYA NO. 12',
  rtRw: '003/007',
  village: 'DESA SPESIMEN',
  district: 'KECAMATAN SPESIMEN',
  regency: 'KABUPATEN SPESIMEN',
  province: 'PROVINSI SPESIMEN',
  religion: 'ISLAM',
  nationality: 'WNI',
  issuePlace: 'SPESIMEN',
  issueDate: '05-01-2026',
};
const adult = ktpElFieldsSchema.parse({
  ...person,
  documentKind: 'ktpEl',
  nik: '9901125203900001',
  name: 'SITI SPESIMEN',
  birthDate: '12-03-1990',
  maritalStatus: 'BELUM KAWIN',
  occupation: 'KARYAWAN SWASTA',
  validUntil: 'SEUMUR HIDUP',
});
const child = kiaFieldsSchema.parse({
  ...person,
  documentKind: 'kia',
  nik: '9901124205180002',
  name: 'BUNGA SPESIMEN',
  birthDate: '02-05-2018',
  kkNumber: '9901120101150003',
  headOfFamily: 'AGUS SPESIMEN',
  birthCertificateNumber: '9901-LU-02052018-0001',
  validUntil: '01-05-2035',
  officerTitle: 'KEPALA DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL',
  officerName: 'CONTOH PEJABAT, S.H., M.Si.',
});

/**
 * Milliseconds from two sides' drawing lists, or from their dots, to the planes that the card printer takes (dyes and
 * resin of the front, resin of the back), against pdfkit and pdftoppm from the same lists to RGB in memory.
 */
export async function measurePlanes(): Promise<readonly Measure[]> {
  const verifyUrl = 'http://127.0.0.1:8080/periksa/req_K7Q2M5X3';
  const photo = drawnPhoto({ seed: 'bench', birthYear: 1990 });
  const front = drawn(ktpElDocument(adult, verifyUrl), photo);
  const back = drawn(kiaDocument(child, verifyUrl), photo);
  const sides = [await rgbOf(front), await rgbOf(back)] as const;
  const times = await inTurn(
    {
      planes: () => toPlanes(...sides),
      whole: async () => toPlanes(await rgbOf(front), await rgbOf(back)),
      byPdf: () => rgbByPdf([front, back]),
      copy: () => sides.map((side) => new Uint8Array(side)),
    },
    { rounds: ROUNDS, warmUp: WARM_UP },
  );
  const peer = median(times.byPdf);
  const floor = `copying the dots takes ${median(times.copy).toFixed(2)} ms`;
  return [
    {
      name: `dots of two sides to planes, ms (as floor: pdfkit and pdftoppm; ${floor})`,
      ours: median(times.planes),
      peer: null,
      floor: peer,
      goal: null,
    },
    {
      name: 'drawing lists of two sides to planes, ms (as floor: pdfkit and pdftoppm)',
      ours: median(times.whole),
      peer: null,
      floor: peer,
      goal: { atMost: 0.15 },
    },
  ];
}

function toPlanes(front: Uint8Array, back: Uint8Array): void {
  colourPlanes(front);
  blackPlane(back);
}

function drawn(card: CardDocument, photo: Uint8Array): DrawingList {
  const values = { values: card.values, rows: [], photo: card.photo === 'required' ? photo : null };
  const page = layOut(card.layout, values, 'specimen');
  if (!page.ok) throw new Error(page.error.kind);
  return page.value.list;
}

async function rgbOf(list: DrawingList): Promise<Uint8Array> {
  const { rgba } = await renderRaster(list, CARD_WIDTH_DOTS, CARD_HEIGHT_DOTS);
  return withoutAlpha(rgba);
}

/** Completes when all dots of all pages are here. */
async function rgbByPdf(pages: readonly DrawingList[]): Promise<Buffer> {
  const createdAt = new Date('2026-01-05T00:00:00Z');
  const pdf = await renderPdf(pages, { title: 'SPESIMEN', language: 'id', createdAt });
  const scale = ['-scale-to-x', `${CARD_WIDTH_DOTS}`, '-scale-to-y', `${CARD_HEIGHT_DOTS}`];
  const ppm = await throughProgram('pdftoppm', [...scale, '-'], pdf);
  // Netpbm: `P6`, width, height and depth, each page after the other.
  if (ppm.length < pages.length * SIDE_BYTES) throw new Error('pdftoppm drew too little');
  return ppm;
}

function throughProgram(
  program: string,
  args: readonly string[],
  input: Uint8Array,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const running = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    running.on('error', reject);
    running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    running.on('close', () => resolve(Buffer.concat(chunks)));
    running.stdin.end(input);
  });
}
