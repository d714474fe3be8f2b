import { assert } from '../../base/assert.ts';
import type { Mode } from '../../domain/document.ts';
import { familyCardSchema, familyMemberSchema, type FamilyCard } from '../../domain/family-card.ts';
import { dayStart } from '../card-document.ts';
import { layOut } from '../layout/lay-out.ts';
import { loadLayout } from '../layout/load-layout.ts';
import type { Values } from '../layout/template.ts';
import { renderPdf } from '../render/pdf.ts';
import { numberErrorOf } from '../specimen/numbers.ts';

export const KK_ROWS_PER_SHEET = 10;

const memberFields = Object.keys(familyMemberSchema.shape);
const layout = loadLayout(
  'kk',
  new Set([
    ...Object.keys(familyCardSchema.shape),
    ...memberFields,
    'row',
    'page',
    'pages',
    'officerNipLine',
  ]),
);

/** Sheets that a family of so many members takes. */
export const kkPages = (memberCount: number): number => Math.ceil(memberCount / KK_ROWS_PER_SHEET);

/**
 * The unsigned KK as the registry composes it (form of Permendagri 109/2019): A4 landscape, ten rows a
 * sheet, rows without a member filled with `-`. Same input, same bytes. Throws when a number breaks the
 * rule of province 99 or a text cannot be printed: the registry admits neither into its records.
 */
export async function composeKk(
  card: FamilyCard,
  options: { readonly mode: Mode },
): Promise<Uint8Array> {
  const numberError = numberErrorOf(options.mode, [
    card.kkNumber,
    ...card.members.map(({ nik }) => nik),
  ]);
  assert(numberError === null, `KK refused: ${numberError?.kind ?? ''}`);
  const pages = kkPages(card.members.length);
  const lists = Array.from({ length: pages }, (_, index) => {
    const data = { values: sheetValues(card, index + 1, pages), rows: sheetRows(card, index) };
    const page = layOut(layout, { ...data, photo: null }, options.mode);
    assert(
      page.ok,
      `KK holds a character the fonts lack${page.ok ? '' : `: ${page.error.character}`}`,
    );
    return page.value.list;
  });
  const createdAt = dayStart(card.issuedDate);
  return renderPdf(lists, { title: 'Kartu Keluarga', language: 'id', createdAt });
}

function sheetValues({ members, ...card }: FamilyCard, page: number, pages: number): Values {
  assert(members.length > 0, 'a family has a member');
  return {
    ...card,
    page: String(page),
    pages: String(pages),
    officerNipLine: card.officerNip === '' ? '' : `NIP. ${card.officerNip}`,
  };
}

function sheetRows({ members }: FamilyCard, sheet: number): Values[] {
  return Array.from({ length: KK_ROWS_PER_SHEET }, (_, index) => {
    const place = sheet * KK_ROWS_PER_SHEET + index;
    const member = members[place];
    const cells = Object.fromEntries(memberFields.map((name) => [name, '-']));
    return { ...cells, ...member, row: String(place + 1) };
  });
}
