import type { SignatureError } from '../../../src/documents/signature/signature-error.ts';
import { bytesOf, textOf, type Refused } from './sealed-pdf.ts';

export interface HostileChange {
  readonly name: string;
  readonly change: (signed: Uint8Array) => Uint8Array;
  readonly refused: Refused;
}

const onText = (
  name: string,
  change: (text: string) => string,
  refused: Refused,
): HostileChange => ({ name, change: (signed) => bytesOf(change(textOf(signed))), refused });

const RANGE = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/;
const CONTENTS = /\/Contents <([0-9a-f]+)>/;
const numbers = (text: string): readonly [number, number, number, number] => {
  const [, start, before, resume, after] = RANGE.exec(text) ?? [];
  return [Number(start), Number(before), Number(resume), Number(after)];
};
/** In the room that the first took, so that nothing moves. */
const ranged = (text: string, said: string): string => {
  const [whole = ''] = RANGE.exec(text) ?? [];
  return text.replace(whole, `/ByteRange ${said}`.padEnd(whole.length).slice(0, whole.length));
};
const rangeOf = (
  name: string,
  to: (range: readonly [number, number, number, number], text: string) => string,
  refused: SignatureError['kind'],
): HostileChange =>
  onText(name, (text) => ranged(text, to(numbers(text), text)), { kind: refused });
const contents = (
  name: string,
  to: (hex: string) => string,
  refused: SignatureError['kind'],
): HostileChange =>
  onText(
    name,
    (text) => {
      const [whole = '', hex = ''] = CONTENTS.exec(text) ?? [];
      return text.replace(whole, `/Contents ${to(hex)}`);
    },
    { kind: refused },
  );
const append = (name: string, more: string | ((text: string) => string)): HostileChange =>
  onText(name, (text) => text + (typeof more === 'string' ? more : more(text)), {
    kind: 'laterIncrement',
  });
const revision = (objects: string, trailer = '<< /Size 99 /Root 1 0 R >>'): string =>
  `\n${objects}\nxref\n0 0\ntrailer\n${trailer}\nstartxref\n9\n%%EOF\n`;
const body = (hex: string): string => `<${hex}>`;

/** What was done to a file after it was signed. */
export const around: readonly HostileChange[] = [
  // Incremental saving attacks: with a table, without one, with a trailer alone, with another signature copied.
  append(
    'a revision with a table',
    revision('1 0 obj\n<< /Type /Catalog /Pages 90 0 R >>\nendobj'),
  ),
  append('a revision without a table', '\n3 0 obj\n<< /Type /Page /Contents 90 0 R >>\nendobj\n'),
  append('a trailer alone', '\ntrailer\n<< /Root 90 0 R >>\n%%EOF\n'),
  append('a copied signature behind new content', (text) =>
    revision(`90 0 obj\n<< ${RANGE.exec(text)?.[0] ?? ''} >>\nendobj`).replaceAll(
      'ByteRange',
      'ByteRangf',
    ),
  ),
  append('a comment', '%'),
  append('one byte', '\n'),
  append('a second end', '\n%%EOF\n'),
  // Shadow attacks: hide what was signed, replace it by what was put there before, or both.
  append(
    'a shadow that hides an overlay',
    revision('3 0 obj\n<< /Type /Page /Contents 4 0 R >>\nendobj'),
  ),
  append(
    'a shadow that replaces the value of a field',
    revision('6 0 obj\n<< /FT /Tx /V (lain) >>\nendobj'),
  ),
  append(
    'a shadow that replaces a font',
    revision('5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Lain >>\nendobj'),
  ),
  append('a shadow that hides and replaces', revision('', '<< /Size 99 /Root 91 0 R /Prev 9 >>')),
  // Universal signature forgery: what makes a careless reader skip the check.
  onText('no byte range', (text) => text.replace('/ByteRange', '/ByteRangf'), {
    kind: 'noSignature',
  }),
  rangeOf('an empty byte range', () => '[]', 'rangeIncomplete'),
  rangeOf('a byte range that is null', () => 'null', 'rangeIncomplete'),
  rangeOf('a byte range of zeros', () => '[0 0 0 0]', 'rangeIncomplete'),
  rangeOf(
    'a byte range with a negative number',
    ([, before, resume]) => `[0 ${before} ${resume} -1]`,
    'rangeIncomplete',
  ),
  rangeOf(
    'a byte range of two numbers',
    ([, , resume, after]) => `[0 ${resume + after}]`,
    'rangeIncomplete',
  ),
  rangeOf('a byte range of words', () => '[a b c d]', 'rangeIncomplete'),
  contents('an empty signature', () => '<>', 'rangeIncomplete'),
  contents('a signature that is null', () => 'null', 'rangeIncomplete'),
  contents('a signature of zeros', (hex) => body('0'.repeat(hex.length)), 'signatureMalformed'),
  contents(
    'a signature of noise',
    (hex) => body('5a'.repeat(hex.length / 2)),
    'signatureMalformed',
  ),
  contents(
    'a signature cut short',
    (hex) => body(`${hex.slice(0, 400)}${'0'.repeat(hex.length - 400)}`),
    'signatureMalformed',
  ),
  contents(
    'more behind the signature',
    (hex) => body(`${hex.slice(0, -2)}01`),
    'signatureMalformed',
  ),
  contents(
    'a signature in a text string',
    (hex) => `(${hex.slice(2)}00)`.padEnd(hex.length + 2),
    'rangeIncomplete',
  ),
  contents('a signature with an odd digit', (hex) => `<${hex.slice(0, -1)}g>`, 'rangeIncomplete'),
  // Signature wrapping: what was signed lies elsewhere, what is seen lies between.
  rangeOf(
    'a hole before the signature',
    ([, before, resume, after]) => `[0 ${before - 20} ${resume} ${after}]`,
    'rangeIncomplete',
  ),
  rangeOf(
    'a hole behind the signature',
    ([, before, resume, after]) => `[0 ${before} ${resume + 9} ${after - 9}]`,
    'rangeIncomplete',
  ),
  rangeOf(
    'a hole at the beginning',
    ([, before, resume, after]) => `[9 ${before - 9} ${resume} ${after}]`,
    'rangeIncomplete',
  ),
  rangeOf(
    'a hole at the end',
    ([, before, resume, after]) => `[0 ${before} ${resume} ${after - 9}]`,
    'laterIncrement',
  ),
  rangeOf(
    'parts that overlap',
    ([, before, , after]) => `[0 ${before} 0 ${after}]`,
    'rangeIncomplete',
  ),
  rangeOf(
    'more than there is',
    ([, before, resume, after]) => `[0 ${before} ${resume} ${after + 9}]`,
    'rangeIncomplete',
  ),
  onText(
    'a second range in front',
    (text) => text.replace('/ByteRange', `/ByteRange [0 1 2 3] /ByteRange`),
    { kind: 'severalSignatures' },
  ),
  onText(
    'content moved into the hole',
    (text) => {
      const [whole = '', hex = ''] = CONTENTS.exec(text) ?? [];
      return text.replace(
        whole,
        `/Contents <${hex.slice(0, -60)}> /Type /Sig (lain)`.padEnd(whole.length),
      );
    },
    { kind: 'rangeIncomplete' },
  ),
  // What a disk or a hand may do.
  onText('one letter of the page', (text) => text.replace('SPESIMEN', 'SPESIMEM'), {
    kind: 'digestMismatch',
  }),
  onText('one number of the page', (text) => text.replace('60 240 Td', '60 241 Td'), {
    kind: 'digestMismatch',
  }),
  onText('one letter of who signed', (text) => text.replace('D:2026', 'D:2027'), {
    kind: 'digestMismatch',
  }),
  onText('the first half alone', (text) => text.slice(0, text.length / 2), {
    kind: 'rangeIncomplete',
  }),
  onText('nothing', () => '', { kind: 'notAPdf' }),
  onText('five megabytes more', (text) => text + ' '.repeat(5 * 1024 * 1024), { kind: 'tooLarge' }),
];
