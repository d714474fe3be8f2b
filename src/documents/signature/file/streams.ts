import { inflateSync } from 'node:zlib';
import * as z from 'zod';
import { integerOf, isName, type Cos, type CosDictionary, type IndirectObject } from './cos.ts';
import { FileRefusal, malformed } from './file-refusal.ts';

/** All streams of a file together: a KK of thirty members unfolds to less than one. */
const MAX_UNFOLDED_BYTES = 64 * 1024 * 1024;
/** An A4 sheet at 600 dots an inch has 35 million. */
const MAX_IMAGE_DOTS = 40_000_000;
/** How often forms may be drawn in all, each in each that draws it. */
const MAX_FORMS_DRAWN = 1_000;
const DRAWS = /\/([^\0\t\n\f\r ()<>[\]{}/%]+)[\0\t\n\f\r ]+Do(?![^\0\t\n\f\r ()<>[\]{}/%])/g;

const zlibFailure = z.object({ code: z.string() });

export type Unfolded = ReadonlyMap<number, Uint8Array>;

/** Unfolds every stream that is not a JPEG image; throws `FileRefusal` where that is too much or a filter is another. */
export function unfoldAll(objects: readonly IndirectObject[]): Unfolded {
  const unfolded = new Map<number, Uint8Array>();
  let left = MAX_UNFOLDED_BYTES;
  for (const { number, value, stream } of objects) {
    if (stream === null || value.kind !== 'dictionary') continue;
    refuseHugeImage(value);
    const filter = soleFilter(value.entries.get('Filter'));
    if (filter === 'DCTDecode') continue;
    const bytes = filter === null ? stream : inflated(stream, left);
    left -= bytes.length;
    if (left < 0) throw new FileRefusal({ kind: 'tooComplex', what: 'bytes' });
    unfolded.set(number, bytes);
  }
  return unfolded;
}

function soleFilter(filter: Cos | undefined): 'FlateDecode' | 'DCTDecode' | null {
  if (filter === undefined) return null;
  const only = filter.kind === 'array' && filter.items.length === 1 ? filter.items[0] : filter;
  if (isName(only, 'FlateDecode')) return 'FlateDecode';
  if (isName(only, 'DCTDecode')) return 'DCTDecode';
  throw new FileRefusal({ kind: 'unexpectedEntry', name: 'Filter' });
}

function inflated(stream: Uint8Array, left: number): Uint8Array {
  try {
    return inflateSync(stream, { maxOutputLength: Math.max(1, left) });
  } catch (cause) {
    const failure = zlibFailure.safeParse(cause);
    if (!failure.success) throw cause;
    const { code } = failure.data;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new FileRefusal({ kind: 'tooComplex', what: 'bytes' });
    }
    // Z_DATA_ERROR and the like: what is no deflated data.
    if (code.startsWith('Z_')) return malformed('Flate data');
    throw cause;
  }
}

function refuseHugeImage({ entries }: CosDictionary): void {
  if (!isName(entries.get('Subtype'), 'Image')) return;
  const dots = (integerOf(entries.get('Width')) ?? 0) * (integerOf(entries.get('Height')) ?? 0);
  if (dots < 1 || dots > MAX_IMAGE_DOTS)
    throw new FileRefusal({ kind: 'tooComplex', what: 'image' });
}

/** Follows what each page draws; throws `FileRefusal` where forms draw each other in a ring or too often. */
export function countForms(
  objects: ReadonlyMap<number, IndirectObject>,
  unfolded: Unfolded,
  pages: readonly { readonly number: number; readonly contents: readonly number[] }[],
): void {
  let drawn = 0;
  const draw = (owner: number, streams: readonly number[], above: readonly number[]): void => {
    const resources = entriesOf(objects, entriesOf(objects, reference(owner))?.get('Resources'));
    const named = entriesOf(objects, resources?.get('XObject'));
    for (const stream of streams) {
      const content = Buffer.from(unfolded.get(stream) ?? []).toString('latin1');
      for (const [, name = ''] of content.matchAll(DRAWS)) {
        const target = named?.get(name);
        if (target?.kind !== 'reference') continue;
        if (!isName(entriesOf(objects, target)?.get('Subtype'), 'Form')) continue;
        drawn += 1;
        if (drawn > MAX_FORMS_DRAWN || above.includes(target.number)) {
          throw new FileRefusal({ kind: 'tooComplex', what: 'forms' });
        }
        draw(target.number, [target.number], [...above, target.number]);
      }
    }
  };
  for (const { number, contents } of pages) draw(number, contents, []);
}

const reference = (number: number): Cos => ({ kind: 'reference', number });

/** The entries of a dictionary, be it here or an object of its own. */
export function entriesOf(
  objects: ReadonlyMap<number, IndirectObject>,
  value: Cos | undefined,
): ReadonlyMap<string, Cos> | null {
  const found = value?.kind === 'reference' ? objects.get(value.number)?.value : value;
  return found?.kind === 'dictionary' ? found.entries : null;
}
