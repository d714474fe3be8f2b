import { CosReader } from './cos-reader.ts';
import { integerOf, type Cos, type CosDictionary, type IndirectObject } from './cos.ts';
import { FileRefusal, malformed } from './file-refusal.ts';

/** One run from objects to `%%EOF` (ISO 32000-1, 7.5.1 and 7.5.6). */
export interface Revision {
  readonly objects: readonly IndirectObject[];
  readonly trailer: CosDictionary;
  readonly xrefOffset: number;
}

const MAX_OBJECTS = 4_000;
/** The file as it was made and, where it was signed afterwards, what the signature added. */
const MAX_REVISIONS = 2;
const HEADER = /%PDF-1\.[3-7]\r?\n(?:%[\x80-\xff]{4}\r?\n)?/y;
const OBJECT = /([1-9]\d{0,6}) 0 obj(?=[\s<([/\d])/y;
const STREAM = /stream(?:\r\n|\n)/y;
const END_OF_STREAM = /(?:\r\n|\n|\r)?endstream/y;
const XREF = /xref\r?\n/y;
const SECTION = /(\d{1,7}) (\d{1,7})[ ]?\r?\n/y;
const ENTRY = /(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)/y;
const STARTXREF = /startxref\r?\n(\d{1,10})\r?\n%%EOF(?:\r?\n)?/y;

/** Reads a file from its first byte to its last; throws `FileRefusal` where a byte belongs to nothing. */
export function readPdfFile(bytes: Uint8Array): readonly Revision[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const reader = new CosReader(text);
  if (reader.take(HEADER) === null) malformed('header');
  const revisions: Revision[] = [];
  while (reader.at < text.length) {
    if (revisions.length === MAX_REVISIONS) throw new FileRefusal({ kind: 'tooManyRevisions' });
    revisions.push(readRevision(reader, bytes, revisions.at(-1) ?? null));
  }
  for (const { objects } of revisions) for (const one of objects) checkLength(one, revisions);
  return revisions;
}

/** What readers see: the newest object of each number. */
export function newest(revisions: readonly Revision[]): ReadonlyMap<number, IndirectObject> {
  const seen = new Map<number, IndirectObject>();
  for (const { objects } of revisions) for (const one of objects) seen.set(one.number, one);
  return seen;
}

function readRevision(reader: CosReader, bytes: Uint8Array, before: Revision | null): Revision {
  const objects = new Map<number, IndirectObject>();
  for (;;) {
    reader.skipWhite();
    const offset = reader.at;
    const match = reader.take(OBJECT);
    if (match === null) break;
    const number = Number(match[1]);
    if (objects.has(number)) malformed(`two objects ${number}`);
    if (objects.size === MAX_OBJECTS)
      throw new FileRefusal({ kind: 'tooComplex', what: 'objects' });
    objects.set(number, { number, offset, ...readBody(reader, bytes) });
  }
  const xrefOffset = reader.at;
  checkXref(reader, objects);
  reader.skipWhite();
  reader.expect('trailer');
  reader.skipWhite();
  const trailer = reader.dictionary();
  reader.skipWhite();
  const start = reader.take(STARTXREF);
  if (start === null || !pointsTo(reader.text, Number(start[1]), xrefOffset))
    malformed('startxref');
  const prev = integerOf(trailer.entries.get('Prev'));
  if (prev !== (before?.xrefOffset ?? null)) malformed('Prev');
  return { objects: [...objects.values()], trailer, xrefOffset };
}

/** A well-known signing library points at the end of line before the table; every reader goes on from there. */
const pointsTo = (text: string, said: number, offset: number): boolean =>
  said <= offset && /^[\r\n]{0,2}$/.test(text.slice(said, offset));

function readBody(
  reader: CosReader,
  bytes: Uint8Array,
): { readonly value: Cos; readonly stream: Uint8Array | null } {
  const value = reader.value();
  reader.skipWhite();
  let stream: Uint8Array | null = null;
  if (value.kind === 'dictionary' && reader.take(STREAM) !== null) {
    const start = reader.at;
    const direct = integerOf(value.entries.get('Length'));
    const end = direct === null ? lengthByItsEnd(reader, start) : start + direct;
    if (end > bytes.length) malformed('Length');
    stream = bytes.subarray(start, end);
    reader.at = end;
    if (reader.take(END_OF_STREAM) === null) malformed(`Length of the stream at ${start}`);
    reader.skipWhite();
  }
  reader.expect('endobj');
  return { value, stream };
}

/** Where the length stands in an object of its own, which is held against this one afterwards. */
function lengthByItsEnd(reader: CosReader, start: number): number {
  const end = reader.text.indexOf('endstream', start);
  if (end === -1) return malformed('a stream without an end');
  const tail = reader.text.slice(Math.max(start, end - 2), end);
  return end - (tail.endsWith('\r\n') ? 2 : /[\r\n]$/.test(tail) ? 1 : 0);
}

function checkLength({ value, stream }: IndirectObject, revisions: readonly Revision[]): void {
  if (stream === null || value.kind !== 'dictionary') return;
  const length = value.entries.get('Length');
  const said = length?.kind === 'reference' ? newest(revisions).get(length.number)?.value : length;
  if (integerOf(said) !== stream.length) malformed('Length');
}

/** The table lists exactly the objects of its revision, each where it stands (ISO 32000-1, 7.5.4). */
function checkXref(reader: CosReader, objects: ReadonlyMap<number, IndirectObject>): void {
  if (reader.take(XREF) === null) malformed(`no object and no xref at ${reader.at}`);
  const listed = new Set<number>();
  for (let section = reader.take(SECTION); section !== null; section = reader.take(SECTION)) {
    const [first, count] = [Number(section[1]), Number(section[2])];
    if (count > MAX_OBJECTS) throw new FileRefusal({ kind: 'tooComplex', what: 'objects' });
    for (let number = first; number < first + count; number += 1) {
      const entry = reader.take(ENTRY);
      if (entry === null) malformed('xref entry');
      else if (entry[3] === 'n') {
        const isThere = objects.get(number)?.offset === Number(entry[1]);
        if (!isThere || entry[2] !== '00000' || listed.has(number)) malformed(`xref of ${number}`);
        listed.add(number);
      }
    }
  }
  if (listed.size !== objects.size) malformed('an object that no table lists');
}
