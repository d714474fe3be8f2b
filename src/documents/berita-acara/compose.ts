import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import type { BlankKind, Mode } from '../../domain/document.ts';
import type { DrawingList } from '../drawing-list.ts';
import { layOut, type UnprintableText } from '../layout/lay-out.ts';
import type { ElementOf, Layout } from '../layout/layout.ts';
import { loadLayout } from '../layout/load-layout.ts';
import type { Values } from '../layout/template.ts';
import { renderPdf } from '../render/pdf.ts';
import { paginate, type PageRoom } from './paginate.ts';
import { blankNames, causeOf, longTime, shortTime, type IndonesianZone } from './words.ts';

/** A spoiled blank, or one that nobody collected, as it lies in the reject bin. */
export interface SpoiledBlank {
  readonly serial: string;
  readonly batch: string;
  readonly kind: BlankKind;
  readonly fate: 'void' | 'retracted' | 'test';
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** A device's or the registry's word for it; null where nothing had gone wrong. */
  readonly reason: string | null;
  readonly attemptId: string | null;
}

export interface BeritaAcaraContent {
  readonly number: string;
  readonly terminalId: string;
  readonly place: string;
  readonly zone: IndonesianZone;
  /** When the bin was emptied before; null: never. */
  readonly since: number | null;
  /** When it was emptied, or, while it is not, when the list was made. */
  readonly until: number;
  /** Accounts of the two people who emptied it; null: it is not emptied, and the list is provisional. */
  readonly emptiedBy: readonly [string, string] | null;
  readonly blanks: readonly SpoiledBlank[];
  /** Cards in the bin that are no blanks of the ledger. */
  readonly foreignCards: number;
  /** What the ledger had in the bin, and what the two people counted; null: nobody counted. */
  readonly ledger: number;
  readonly counted: number | null;
}

const columns = ['no', 'serial', 'batch', 'kind', 'time', 'reason', 'attempt'] as const;
const pageValues = ['number', 'page', 'pages'] as const;
const first = loadLayout(
  'berita-acara-first',
  new Set([...columns, ...pageValues, 'subject', 'opening', 'terminal', 'place', 'period']),
);
const next = loadLayout('berita-acara-next', new Set([...columns, ...pageValues]));
const sums = loadLayout(
  'berita-acara-sums',
  new Set(['sumKtpEl', 'sumKtpElWna', 'sumKia', 'sumAll', 'foreign', 'count', 'closing']),
);
const signatures = loadLayout(
  'berita-acara-signatures',
  new Set(['firstAccount', 'secondAccount']),
);

/** Same content, same bytes. Refused only where a serial, a batch or a place holds what no font here has. */
export async function composeBeritaAcara(
  content: BeritaAcaraContent,
  options: { readonly mode: Mode },
): Promise<Result<Uint8Array, UnprintableText>> {
  const rows = content.blanks.map((blank, index) => rowOf(blank, index + 1, content.zone));
  const dealt = paginate(rows.length, room);
  const pages: DrawingList[] = [];
  let from = 0;
  for (const [index, count] of dealt.entries()) {
    const isLast = index === dealt.length - 1;
    // Nobody signs a list of what still lies in the bin.
    const below = [sums, ...(content.emptiedBy === null ? [] : [signatures])];
    const page = index === 0 ? first : next;
    const layout = pageLayout(page, Math.max(1, count), isLast ? below : []);
    const values = { ...valuesOf(content), page: `${index + 1}`, pages: `${dealt.length}` };
    const shown = rows.length === 0 ? [nothing] : rows.slice(from, from + count);
    const laidOut = layOut(layout, { values, rows: shown, photo: null }, options.mode);
    if (!laidOut.ok) return laidOut;
    assert(!laidOut.value.abbreviated.includes('serial'), 'every serial stands whole');
    pages.push(laidOut.value.list);
    from += count;
  }
  const createdAt = new Date(content.until);
  return ok(await renderPdf(pages, { title: 'Berita Acara blangko', language: 'id', createdAt }));
}

function rowOf(blank: SpoiledBlank, no: number, zone: IndonesianZone): Values {
  const { serial, batch, kind, fate, at, reason, attemptId } = blank;
  return {
    no: String(no),
    ...{ serial, batch },
    kind: blankNames[kind],
    time: shortTime(at, zone),
    reason: causeOf(fate, reason),
    attempt: attemptId ?? '–',
  };
}

/** What an empty list says, so that nobody can write into it later. */
const nothing: Values = {
  ...Object.fromEntries(columns.map((column) => [column, '–'])),
  serial: 'NIHIL',
};

function valuesOf(content: BeritaAcaraContent): Values {
  const { number, terminalId, place, zone, since, until, emptiedBy, blanks } = content;
  const sum = (kinds: readonly BlankKind[]): string => {
    const ofKinds = blanks.filter(({ kind }) => kinds.includes(kind));
    const retracted = ofKinds.filter(({ fate }) => fate === 'retracted').length;
    const tests = ofKinds.filter(({ fate }) => fate === 'test').length;
    const tested = tests === 0 ? '' : `kartu uji ${tests}, `;
    return `${tested}rusak ${ofKinds.length - retracted - tests}, tidak diambil ${retracted}, jumlah ${ofKinds.length} keping`;
  };
  const what = 'blangko yang rusak dan blangko yang tidak diambil pemohon';
  return {
    number,
    place,
    terminal: terminalId,
    subject: `${emptiedBy === null ? 'DAFTAR SEMENTARA ' : ''}BLANGKO RUSAK DAN TIDAK DIAMBIL`,
    opening:
      emptiedBy === null
        ? `Sampai dengan ${longTime(until, zone)} wadah tolak anjungan berikut memuat ${what} sebagaimana daftar di bawah ini. Wadah belum dikosongkan.`
        : `Pada hari ini, ${longTime(until, zone)}, kami yang bertanda tangan di bawah ini telah mengeluarkan dari wadah tolak anjungan berikut ${what} sebagaimana daftar di bawah ini, untuk disimpan dan dimusnahkan menurut ketentuan.`,
    period: since === null ? 'sejak awal pencatatan' : `setelah ${longTime(since, zone)}`,
    sumKtpEl: sum(['ktpEl']),
    sumKtpElWna: sum(['ktpElWna']),
    sumKia: sum(['kia']),
    sumAll: sum(['ktpEl', 'ktpElWna', 'kia']),
    foreign: `${content.foreignCards} keping, bukan blangko dalam buku stok`,
    count: countLine(content),
    closing:
      'Berita acara ini dibuat menurut catatan anjungan. KTP-el lama yang ditarik dari warga dicatat terpisah.',
    firstAccount: `Akun ${emptiedBy?.[0] ?? '–'}`,
    secondAccount: `Akun ${emptiedBy?.[1] ?? '–'}`,
  };
}

const countLine = ({ ledger, counted }: BeritaAcaraContent): string => {
  const book = `menurut buku stok ${ledger} keping`;
  if (counted === null) return `${book}, belum dihitung`;
  return `${book}, dihitung ${counted} keping, selisih ${counted - ledger}`;
};

const tableOf = ({ elements }: Layout): ElementOf<'table'> => {
  const table = elements.find((element) => element.kind === 'table');
  assert(table?.kind === 'table', 'the page has a table');
  return table;
};

/** The page with just the rows it holds, and what stands below them. */
function pageLayout(page: Layout, rowCount: number, below: readonly Layout[]): Layout {
  const [head, ...rest] = page.elements.map((element) =>
    element.kind === 'table' ? { ...element, rowCount } : element,
  );
  assert(head !== undefined, 'a page has elements');
  return { ...page, elements: [head, ...rest, ...below.flatMap(({ elements }) => elements)] };
}

const room: PageRoom = {
  first: tableOf(first).rowCount,
  next: tableOf(next).rowCount,
  firstWithEnd: rowsAbove(tableOf(first)),
  nextWithEnd: rowsAbove(tableOf(next)),
};

/** Rows that end above the sums, with a little air between. */
function rowsAbove(table: ElementOf<'table'>): number {
  const tops = sums.elements.map((element) =>
    'yMm' in element ? element.yMm : Number.POSITIVE_INFINITY,
  );
  const airMm = 4;
  const bodyMm = Math.min(...tops) - airMm - table.yMm - table.headHeightMm - table.numberHeightMm;
  return Math.floor(bodyMm / table.rowHeightMm);
}
