import { isName, type Cos, type IndirectObject } from './cos.ts';
import { FileRefusal } from './file-refusal.ts';
import type { Revision } from './pdf-file.ts';

/** What the adding of a signature changes of objects that were there: a field of the form, a widget on a page. */
const ADDED_WITH_A_SIGNATURE: ReadonlyMap<string, string> = new Map([
  ['Catalog', 'AcroForm'],
  ['Page', 'Annots'],
]);

/** Throws `FileRefusal` where a second revision puts other content in the place of what was there. */
export function checkReplaced([first, second]: readonly Revision[]): void {
  if (first === undefined || second === undefined) return;
  const before = new Map(first.objects.map((one) => [one.number, one]));
  for (const after of second.objects) {
    const old = before.get(after.number);
    if (old !== undefined && !onlyAdds(old, after)) {
      throw new FileRefusal({ kind: 'contentReplaced' });
    }
  }
}

function onlyAdds(old: IndirectObject, after: IndirectObject): boolean {
  const [was, is] = [old.value, after.value];
  if (was.kind !== 'dictionary' || is.kind !== 'dictionary') return false;
  const type = [...ADDED_WITH_A_SIGNATURE.keys()].find((name) =>
    isName(is.entries.get('Type'), name),
  );
  const added = type === undefined ? undefined : ADDED_WITH_A_SIGNATURE.get(type);
  if (added === undefined || old.stream !== null || after.stream !== null) return false;
  const rest = (entries: ReadonlyMap<string, Cos>): unknown =>
    [...entries].filter(([name]) => name !== added).map(([name, value]) => [name, plain(value)]);
  return (
    !was.entries.has(added) &&
    JSON.stringify(rest(was.entries)) === JSON.stringify(rest(is.entries))
  );
}

const plain = (value: Cos): unknown =>
  value.kind === 'array'
    ? value.items.map(plain)
    : value.kind === 'dictionary'
      ? [...value.entries].map(([name, entry]) => [name, plain(entry)])
      : value;
