import { deflateSync } from 'node:zlib';
import {
  bodies,
  CATALOG,
  CONTENT,
  FIELD,
  FONT,
  FORM,
  genuineBodies,
  PAGE,
  PAGES,
  SIGNATURE,
  signatureBody,
  streamOf,
  withEntry,
  type Bodies,
  type Refused,
  type Sketch,
} from './sealed-pdf.ts';

export interface HostileSketch {
  readonly name: string;
  readonly sketch: Sketch;
  readonly refused: Refused;
}

const of = (name: string, hostile: Bodies, refused: Refused): HostileSketch => ({
  name,
  sketch: { bodies: hostile },
  refused,
});
const active = (name: string, hostile: Bodies, entry: string): HostileSketch =>
  of(name, hostile, { kind: 'activeContent', name: entry });
const deflated = (content: string): string =>
  deflateSync(Buffer.from(content, 'latin1')).toString('latin1');
const page = genuineBodies.get(PAGE) ?? '';
const pageWith = (from: string | RegExp, to: string): Bodies =>
  bodies({ [PAGE]: page.replace(from, to) });
const form = (more: string, content: string): string =>
  streamOf(`/Type /XObject /Subtype /Form /BBox [0 0 9 9] ${more}`, content);
const drawing = (
  resources: string,
  content: string,
  more: Readonly<Record<number, string>>,
): Bodies =>
  bodies({
    [PAGE]: page.replace('/Resources <<', `/Resources << ${resources}`),
    [CONTENT]: streamOf('', `BT /F1 100 Tf 60 240 Td (SPESIMEN) Tj ET ${content}`),
    ...more,
  });
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** Ten forms, each of which draws the next ten times. */
const billion = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [
    20 + index,
    form(`/Resources << /XObject << /X ${21 + index} 0 R >> >>`, '/X Do '.repeat(10)),
  ]),
);

const actions: readonly (readonly [string, string])[] = [
  ['JavaScript', '/S /JavaScript /JS (app.alert\\(1\\))'],
  ['Launch', '/S /Launch'],
  ['URI', '/S /URI'],
  ['GoToR', '/S /GoToR'],
  ['GoToE', '/S /GoToE'],
  ['SubmitForm', '/S /SubmitForm'],
  ['ImportData', '/S /ImportData'],
  ['ResetForm', '/S /ResetForm'],
  ['Hide', '/S /Hide'],
  ['Named', '/S /Named'],
  ['Thread', '/S /Thread'],
  ['Sound', '/S /Sound'],
  ['Movie', '/S /Movie'],
  ['Rendition', '/S /Rendition'],
  ['SetOCGState', '/S /SetOCGState'],
];

/** What a signer was made to sign: the signature of each holds. */
export const inside: readonly HostileSketch[] = [
  ...actions.map(([name, entries]) =>
    active(`an action ${name} in an object of its own`, bodies({ 20: `<< ${entries} >>` }), name),
  ),
  active(
    'a script at opening',
    withEntry(CATALOG, '/OpenAction << /S /JavaScript >>'),
    'OpenAction',
  ),
  active('a destination at opening', withEntry(CATALOG, '/OpenAction [3 0 R /Fit]'), 'OpenAction'),
  active('actions of the document', withEntry(CATALOG, '/AA << /WP 20 0 R >>'), 'AA'),
  active('actions of a page', withEntry(PAGE, '/AA << /O 20 0 R >>'), 'AA'),
  active('actions of the field', withEntry(FIELD, '/AA << /F 20 0 R >>'), 'AA'),
  active('an action of the widget', withEntry(FIELD, '/A << /S /URI >>'), 'A'),
  active('scripts by name', withEntry(CATALOG, '/Names << /JavaScript 20 0 R >>'), 'JavaScript'),
  active(
    'embedded files',
    withEntry(CATALOG, '/Names << /EmbeddedFiles 20 0 R >>'),
    'EmbeddedFiles',
  ),
  active('an embedded file', bodies({ 20: streamOf('/Type /EmbeddedFile', 'x') }), 'EmbeddedFile'),
  active('an associated file', withEntry(PAGE, '/AF [20 0 R]'), 'AF'),
  active('a portfolio', withEntry(CATALOG, '/Collection << >>'), 'Collection'),
  active('a file specification', bodies({ 20: '<< /Type /Filespec /UF (x) >>' }), 'Filespec'),
  active('a form of XFA', withEntry(FORM, '/XFA (x)'), 'XFA'),
  active('a link', bodies({ 20: '<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] >>' }), 'Link'),
  active(
    'an attached file',
    bodies({ 20: '<< /Type /Annot /Subtype /FileAttachment >>' }),
    'FileAttachment',
  ),
  active('rich media', bodies({ 20: '<< /Type /Annot /Subtype /RichMedia >>' }), 'RichMedia'),
  active('a screen', bodies({ 20: '<< /Type /Annot /Subtype /Screen >>' }), 'Screen'),
  active('a movie', bodies({ 20: '<< /Type /Annot /Subtype /Movie >>' }), 'Movie'),
  active('a solid', bodies({ 20: '<< /Type /Annot /Subtype /3D >>' }), '3D'),
  active('a note that pops up', bodies({ 20: '<< /Type /Annot /Subtype /Popup >>' }), 'Popup'),
  active('layers', withEntry(CATALOG, '/OCProperties << >>'), 'OCProperties'),
  active('a layer that prints alone', bodies({ 20: form('/OC 21 0 R', '') }), 'OC'),
  active(
    'another picture for the press',
    bodies({ 20: streamOf('/Subtype /Image /Alternates []', '') }),
    'Alternates',
  ),
  active(
    'a program in PostScript',
    bodies({ 20: streamOf('/Type /XObject /Subtype /PS', 'x') }),
    'PS',
  ),
  active('rights of its own', withEntry(CATALOG, '/Perms << >>'), 'Perms'),
  active('requirements', withEntry(CATALOG, '/Requirements []'), 'Requirements'),
  of('an action behind an escaped name', bodies({ 20: '<< /S /J#61vaScript >>' }), {
    kind: 'disguisedContent',
  }),
  of('an entry behind an escaped name', bodies({ 20: '<< /Open#41ction 3 0 R >>' }), {
    kind: 'disguisedContent',
  }),
  of('an escape that is none', bodies({ 20: '<< /S /A#G1 >>' }), { kind: 'disguisedContent' }),
  of('a stream in another file', bodies({ 20: streamOf('/F (x.bin)', '') }), {
    kind: 'externalContent',
    name: 'F',
  }),
  of('a page of another file', bodies({ 20: form('/Ref << >>', '') }), {
    kind: 'externalContent',
    name: 'Ref',
  }),
  of('a picture at the press', bodies({ 20: form('/OPI << >>', '') }), {
    kind: 'externalContent',
    name: 'OPI',
  }),
  of('a file behind a dictionary', bodies({ 20: '<< /F (x.pdf) >>' }), {
    kind: 'externalContent',
    name: 'F',
  }),
  of('objects in a stream', bodies({ 20: streamOf('/Type /ObjStm /N 1 /First 4', '7 0 << >>') }), {
    kind: 'unexpectedEntry',
  }),
  of('a table in a stream', bodies({ 20: streamOf('/Type /XRef /W [1 2 1] /Size 3', 'x') }), {
    kind: 'unexpectedEntry',
    name: 'XRef',
  }),
  of('a font that is a program', bodies({ 20: '<< /Type /Font /Subtype /Type3 >>' }), {
    kind: 'unexpectedEntry',
    name: 'Type3',
  }),
  of('a stamp on the page', bodies({ 20: '<< /Type /Annot /Subtype /Stamp >>' }), {
    kind: 'unexpectedEntry',
    name: 'Stamp',
  }),
  of('a note on the page', bodies({ 20: '<< /Type /Annot /Subtype /FreeText >>' }), {
    kind: 'unexpectedEntry',
    name: 'FreeText',
  }),
  of('a redaction', bodies({ 20: '<< /Type /Annot /Subtype /Redact >>' }), {
    kind: 'unexpectedEntry',
    name: 'Redact',
  }),
  of('an entry that nobody knows', withEntry(PAGE, '/Zzz 1'), {
    kind: 'unexpectedEntry',
    name: 'Zzz',
  }),
  of(
    'a second field',
    bodies({
      20: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (x) /V (y) >>',
      [FORM]: `<< /Fields [${FIELD} 0 R 20 0 R] >>`,
    }),
    { kind: 'signatureNotOfTheForm' },
  ),
  of(
    'a widget that lies on the page alone',
    bodies({ 20: '<< /Type /Annot /Subtype /Widget /Rect [0 0 800 500] >>' }),
    { kind: 'signatureNotOfTheForm' },
  ),
  of('a signature of no field', bodies({ [FORM]: '<< /Fields [] >>' }), {
    kind: 'signatureNotOfTheForm',
  }),
  of(
    'a field of something else',
    bodies({ [FIELD]: (genuineBodies.get(FIELD) ?? '').replace(`/V ${SIGNATURE} 0 R`, '/V (x)') }),
    { kind: 'signatureNotOfTheForm' },
  ),
  of(
    'a bomb of zeros',
    bodies({ 20: streamOf('/Filter /FlateDecode', deflated('0'.repeat(80 * 1024 * 1024))) }),
    { kind: 'tooComplex', what: 'bytes' },
  ),
  of(
    'many small bombs',
    bodies(
      Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [
          20 + index,
          streamOf('/Filter /FlateDecode', deflated('0'.repeat(8 * 1024 * 1024))),
        ]),
      ),
    ),
    { kind: 'tooComplex', what: 'bytes' },
  ),
  of(
    'a picture of a billion dots',
    bodies({ 20: streamOf('/Type /XObject /Subtype /Image /Width 30000 /Height 30000', 'x') }),
    { kind: 'tooComplex', what: 'image' },
  ),
  of(
    'forms that draw each other ten times',
    drawing('/XObject << /X 20 0 R >>', '/X Do', { ...billion, 30: form('', '') }),
    { kind: 'tooComplex', what: 'forms' },
  ),
  of(
    'a form that draws itself',
    drawing('/XObject << /X 20 0 R >>', '/X Do', {
      20: form('/Resources << /XObject << /X 20 0 R >> >>', '/X Do'),
    }),
    { kind: 'tooComplex', what: 'forms' },
  ),
  of('arrays in arrays', bodies({ 20: nested(5_000) }), { kind: 'tooComplex', what: 'depth' }),
  of(
    'dictionaries in dictionaries',
    bodies({ 20: '<< /K '.repeat(5_000) + '1' + ' >>'.repeat(5_000) }),
    { kind: 'tooComplex', what: 'depth' },
  ),
  of(
    'too many objects',
    bodies(Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [20 + index, '1']))),
    { kind: 'tooComplex', what: 'objects' },
  ),
  of(
    'a picture in a filter with a history',
    bodies({ 20: streamOf('/Filter /JBIG2Decode', 'x') }),
    { kind: 'unexpectedEntry', name: 'Filter' },
  ),
  of('a picture in JPX', bodies({ 20: streamOf('/Filter /JPXDecode', 'x') }), {
    kind: 'unexpectedEntry',
    name: 'Filter',
  }),
  of(
    'filters one after the other',
    bodies({ 20: streamOf('/Filter [/FlateDecode /FlateDecode]', 'x') }),
    { kind: 'unexpectedEntry', name: 'Filter' },
  ),
  of('a filter that decrypts', bodies({ 20: streamOf('/Filter /Crypt', 'x') }), {
    kind: 'unexpectedEntry',
    name: 'Filter',
  }),
  of('deflated data that is none', bodies({ 20: streamOf('/Filter /FlateDecode', 'noise') }), {
    kind: 'fileMalformed',
    detail: 'Flate data',
  }),
  of(
    'a page tree that is a ring',
    bodies({ [PAGES]: `<< /Type /Pages /Count 1 /Kids [${PAGES} 0 R] >>` }),
    { kind: 'fileMalformed', detail: 'page tree' },
  ),
  of(
    'one page twice',
    bodies({ [PAGES]: `<< /Type /Pages /Count 2 /Kids [${PAGE} 0 R ${PAGE} 0 R] >>` }),
    { kind: 'fileMalformed', detail: 'page tree' },
  ),
  of('a count that lies', bodies({ [PAGES]: `<< /Type /Pages /Count 99 /Kids [${PAGE} 0 R] >>` }), {
    kind: 'fileMalformed',
    detail: 'Count',
  }),
  of('a page of another parent', pageWith(`/Parent ${PAGES} 0 R`, `/Parent ${CATALOG} 0 R`), {
    kind: 'fileMalformed',
    detail: 'Parent',
  }),
  of('a huge page', pageWith('841.89 595.28', '14400 14400'), { kind: 'wrongPageSize' }),
  of('a tiny page', pageWith('841.89 595.28', '1 1'), { kind: 'wrongPageSize' }),
  of('a page that stands', pageWith('841.89 595.28', '595.28 841.89'), { kind: 'wrongPageSize' }),
  of('a turned page', withEntry(PAGE, '/Rotate 90'), { kind: 'pageAltered' }),
  of('a scaled page', withEntry(PAGE, '/UserUnit 2'), { kind: 'pageAltered' }),
  of('a cut page', withEntry(PAGE, '/CropBox [0 0 100 100]'), { kind: 'pageAltered' }),
  of(
    'two signatures',
    bodies({
      20: signatureBody()
        .replace(/0{12000}/, '00')
        .replace('[0 0000000000 0000000000 0000000000]', '[0 1 2 3]'),
    }),
    { kind: 'severalSignatures' },
  ),
  of(
    'another kind of signature',
    bodies({ [SIGNATURE]: signatureBody().replace('ETSI.CAdES.detached', 'adbe.pkcs7.sha1') }),
    { kind: 'wrongSubFilter' },
  ),
  of('an entry twice', bodies({ [PAGE]: page.replace('<<', `<< /Contents ${FONT} 0 R`) }), {
    kind: 'fileMalformed',
  }),
  of(
    'a page that cannot be read',
    bodies({
      [CONTENT]: streamOf('', 'BT /F1 100 Tf 60 240 Td (SPESIMEN) Tj ET /X Do'),
      20: '<< /K null >>',
      [PAGE]: page.replace('/Resources <<', '/Resources << /XObject 20 0 R'),
    }),
    { kind: 'unreadable' },
  ),
  of(
    'a page with an unfinished text',
    bodies({ [CONTENT]: streamOf('', 'BT /F1 100 Tf 60 240 Td (SPESIMEN') }),
    { kind: 'specimenMarkMissing' },
  ),
  of('no mark', bodies({ [CONTENT]: streamOf('', 'BT /F1 100 Tf 60 240 Td (KELUARGA) Tj ET') }), {
    kind: 'specimenMarkMissing',
  }),
  of(
    'a mark too small to see',
    bodies({ [CONTENT]: streamOf('', 'BT /F1 9 Tf 60 240 Td (SPESIMEN) Tj ET') }),
    { kind: 'specimenMarkMissing' },
  ),
];
