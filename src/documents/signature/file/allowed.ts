import {
  ACTIVE_NAMES,
  ALLOWED_ENTRIES,
  ALLOWED_IN_TRAILER,
  ALLOWED_STYLES,
  ALLOWED_SUBTYPES,
  ALLOWED_TYPES,
  EXTERNAL_ENTRIES,
  NAMING_ENTRIES,
} from './allowed-entries.ts';
import { isName, type Cos, type CosDictionary, type IndirectObject } from './cos.ts';
import { FileRefusal } from './file-refusal.ts';

const OWN_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Type', ALLOWED_TYPES],
  ['Subtype', ALLOWED_SUBTYPES],
  ['S', ALLOWED_STYLES],
]);

/** Throws `FileRefusal` where a trailer says more than where its objects are. */
export function checkTrailer({ entries }: CosDictionary): void {
  for (const name of entries.keys()) {
    if (name === 'Encrypt') throw new FileRefusal({ kind: 'encrypted' });
    if (!ALLOWED_IN_TRAILER.has(name)) throw new FileRefusal({ kind: 'unexpectedEntry', name });
  }
}

/** Throws `FileRefusal` where an object holds what no document to be printed is made of. */
export function checkObject({ value, stream }: IndirectObject): void {
  if (stream !== null && value.kind === 'dictionary') {
    const external = [...value.entries.keys()].find((name) => EXTERNAL_ENTRIES.has(name));
    if (external !== undefined) throw new FileRefusal({ kind: 'externalContent', name: external });
  }
  checkValue(value, false);
}

function checkValue(value: Cos, namesItsOwn: boolean): void {
  if (value.kind === 'array') for (const item of value.items) checkValue(item, false);
  if (value.kind !== 'dictionary') return;
  for (const [name, entry] of value.entries) {
    if (!namesItsOwn) checkEntry(name, entry, value);
    checkValue(entry, !namesItsOwn && NAMING_ENTRIES.has(name) && entry.kind === 'dictionary');
  }
}

function checkEntry(name: string, entry: Cos, { entries }: CosDictionary): void {
  if (ACTIVE_NAMES.has(name)) throw new FileRefusal({ kind: 'activeContent', name });
  if (EXTERNAL_ENTRIES.has(name) && !(name === 'F' && isName(entries.get('Subtype'), 'Widget'))) {
    throw new FileRefusal({ kind: 'externalContent', name });
  }
  if (!ALLOWED_ENTRIES.has(name)) throw new FileRefusal({ kind: 'unexpectedEntry', name });
  const allowed = OWN_WORDS.get(name);
  if (allowed === undefined || (entry.kind === 'name' && allowed.has(entry.value))) return;
  const said = entry.kind === 'name' ? entry.value : name;
  const kind = ACTIVE_NAMES.has(said) ? 'activeContent' : 'unexpectedEntry';
  throw new FileRefusal({ kind, name: said });
}
