import type { HostileSketch } from './inside.ts';
import { genuineBodies, signatureBody, SIGNATURE } from './sealed-pdf.ts';

const of = (
  name: string,
  sketch: Partial<HostileSketch['sketch']>,
  refused: HostileSketch['refused'],
): HostileSketch => ({ name, sketch: { bodies: genuineBodies, ...sketch }, refused });

const malformed = { kind: 'fileMalformed' } as const;

/** Files that are not as they look, though what they say of themselves was signed. */
export const made: readonly HostileSketch[] = [
  of('encryption', { trailer: '/Encrypt << /Filter /Standard /V 1 >>' }, { kind: 'encrypted' }),
  of(
    'a second table for other readers',
    { trailer: '/XRefStm 9' },
    { kind: 'unexpectedEntry', name: 'XRefStm' },
  ),
  of(
    'a table before it that is not there',
    { trailer: '/Prev 9' },
    { ...malformed, detail: 'Prev' },
  ),
  of(
    'a table that is its own forerunner',
    { trailer: '/Prev 99999' },
    { ...malformed, detail: 'Prev' },
  ),
  of('another file before it', { header: 'GIF89a\n%PDF-1.7\n' }, { kind: 'notAPdf' }),
  of('a program before it', { header: '#!/bin/sh\n%PDF-1.7\n' }, { kind: 'notAPdf' }),
  of('a comment that nobody reads', { header: '%PDF-1.7\n%@PJL SET\n' }, malformed),
  of('an edition to come', { header: '%PDF-2.0\n' }, { ...malformed, detail: 'header' }),
  of('bytes between objects and table', { beforeXref: '%!PS-Adobe\n' }, malformed),
  of('words between objects and table', { beforeXref: '(hidden)\n' }, malformed),
  of('an object that no table lists', { beforeXref: '99 0 obj\n<< >>\nendobj\n' }, malformed),
  of('an archive behind it', { tail: '\n%%EOF\nPK\u0003\u0004' }, malformed),
  of('printer language behind it', { tail: '\n%%EOF\n\u001b%-12345X@PJL\n' }, malformed),
  of(
    'a table that points elsewhere',
    { xref: (number, offset) => (number === 4 ? offset + 1 : offset) },
    malformed,
  ),
  of(
    'a table that points past the end',
    { xref: (number, offset) => (number === 4 ? 9_999_999_999 : offset) },
    malformed,
  ),
  of(
    'a place for the signature in an object of another',
    {
      bodies: new Map([
        ...genuineBodies,
        [SIGNATURE, signatureBody().replace(/\/Contents <0+>/, '')],
        [20, `<< /Contents <${'0'.repeat(12_000)}> >>`],
      ]),
    },
    { kind: 'rangeIncomplete' },
  ),
];
