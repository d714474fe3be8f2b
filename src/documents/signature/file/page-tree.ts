import { integerOf, isName, type Cos, type IndirectObject } from './cos.ts';
import { FileRefusal, malformed } from './file-refusal.ts';
import { entriesOf } from './streams.ts';

const MAX_DEPTH = 8;

export interface FoundPage {
  readonly number: number;
  /** The numbers of the streams that draw it, in order. */
  readonly contents: readonly number[];
}

type Objects = ReadonlyMap<number, IndirectObject>;

/**
 * The pages in order (ISO 32000-1, 7.7.3). Throws `FileRefusal` where the tree is none, or where a page is turned,
 * scaled or cut after it was drawn.
 */
export function checkPageTree(objects: Objects, root: Cos | undefined): readonly FoundPage[] {
  const pages: FoundPage[] = [];
  const visited = new Set<number>();
  const visit = (value: Cos | undefined, parent: number | null, depth: number): void => {
    if (value?.kind !== 'reference' || visited.has(value.number) || depth > MAX_DEPTH) {
      return malformed('page tree');
    }
    visited.add(value.number);
    const entries = entriesOf(objects, value);
    const above = entries?.get('Parent');
    if ((above?.kind === 'reference' ? above.number : null) !== parent) malformed('Parent');
    checkBoxes(entries ?? new Map());
    if (isName(entries?.get('Type'), 'Page')) {
      pages.push({ number: value.number, contents: contentsOf(entries?.get('Contents')) });
      return;
    }
    const kids = entries?.get('Kids');
    if (!isName(entries?.get('Type'), 'Pages') || kids?.kind !== 'array') malformed('page tree');
    else for (const kid of kids.items) visit(kid, value.number, depth + 1);
  };
  const top = entriesOf(objects, root)?.get('Pages');
  visit(top, null, 0);
  if (integerOf(entriesOf(objects, top)?.get('Count')) !== pages.length) malformed('Count');
  return pages;
}

function contentsOf(contents: Cos | undefined): readonly number[] {
  const all = contents?.kind === 'array' ? contents.items : [contents];
  return all.map((one) => (one?.kind === 'reference' ? one.number : malformed('Contents')));
}

function checkBoxes(entries: ReadonlyMap<string, Cos>): void {
  const turned = (integerOf(entries.get('Rotate')) ?? 0) !== 0;
  const scaled = (integerOf(entries.get('UserUnit')) ?? 1) !== 1;
  const crop = entries.get('CropBox');
  const cut = crop !== undefined && !isSameBox(crop, entries.get('MediaBox'));
  if (turned || scaled || cut) throw new FileRefusal({ kind: 'pageAltered' });
}

const isSameBox = (one: Cos, other: Cos | undefined): boolean =>
  one.kind === 'array' &&
  other?.kind === 'array' &&
  JSON.stringify(one.items) === JSON.stringify(other.items);
