import { isName, type Cos, type IndirectObject } from './cos.ts';
import { FileRefusal } from './file-refusal.ts';
import { entriesOf } from './streams.ts';

/**
 * Throws `FileRefusal` unless the form of the document is one signature field, whose value is the only dictionary
 * with a byte range (ISO 32000-1, 12.7.4.5 and 12.8.1), and no annotation but its widget lies on a page.
 */
export function checkSignatureField(
  objects: ReadonlyMap<number, IndirectObject>,
  root: Cos | undefined,
): void {
  const signatures = [...objects.values()].filter(
    ({ value }) => value.kind === 'dictionary' && value.entries.has('ByteRange'),
  );
  const [signature, second] = signatures;
  if (signature === undefined) throw new FileRefusal({ kind: 'noSignature' });
  if (second !== undefined) throw new FileRefusal({ kind: 'severalSignatures' });
  const form = entriesOf(objects, entriesOf(objects, root)?.get('AcroForm'));
  const fields = form?.get('Fields');
  const field = fields?.kind === 'array' && fields.items.length === 1 ? fields.items[0] : undefined;
  const entries = entriesOf(objects, field);
  const value = entries?.get('V');
  const isOurs =
    isName(entries?.get('FT'), 'Sig') &&
    value?.kind === 'reference' &&
    value.number === signature.number;
  if (!isOurs) throw new FileRefusal({ kind: 'signatureNotOfTheForm' });
  const annotations = [...objects.values()].filter(
    ({ value: one }) => one.kind === 'dictionary' && isName(one.entries.get('Subtype'), 'Widget'),
  );
  const isTheField = ({ number }: IndirectObject): boolean =>
    field?.kind === 'reference' && field.number === number;
  if (!annotations.every(isTheField)) throw new FileRefusal({ kind: 'signatureNotOfTheForm' });
}
