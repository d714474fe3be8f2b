import { isUtf8 } from 'node:buffer';
import { err, ok, type Result } from '../../src/base/result.ts';
import { eKtpBiodataSchema, type EKtpBiodata } from '../contract/card-reader.ts';

/** Order of the fields of EF 6FF1, as far as it is public; null is a field whose meaning is not. */
const FIELD_ORDER = [
  'nik',
  'address',
  'rt',
  'rw',
  'birthPlace',
  'district',
  'village',
  'regency',
  'sex',
  'bloodGroup',
  'religion',
  'maritalStatus',
  'occupation',
  'name',
  'birthDate',
  'province',
  null,
  null,
  null,
  'nationality',
  null,
] as const satisfies readonly (keyof EKtpBiodata | null)[];

/** Padding seen behind the text: zero bytes, erased bytes, blanks, line ends. */
const PADDING = new Set([0x00, 0xff, 0x20, 0x0d, 0x0a]);

export interface ParsedBiodata {
  readonly biodata: EKtpBiodata;
  /** The fields without public meaning, in order: kept as they are, used for nothing. */
  readonly opaque: readonly string[];
}

export type BiodataError =
  | { readonly kind: 'notText' }
  | { readonly kind: 'notQuoted'; readonly at: number }
  | { readonly kind: 'tooFewFields'; readonly count: number };

/** Reads the text of EF 6FF1: at least 21 quoted fields, a quote within one doubled (RFC 4180 §2), then padding. */
export function parseBiodata(bytes: Uint8Array): Result<ParsedBiodata, BiodataError> {
  let end = bytes.length;
  while (end > 0 && PADDING.has(bytes[end - 1] ?? 0)) end -= 1;
  const text = Buffer.from(bytes.subarray(0, end));
  if (!isUtf8(text)) return err({ kind: 'notText' });
  const fields = quotedFields(text.toString('utf8'));
  if (!fields.ok) return fields;
  if (fields.value.length < FIELD_ORDER.length) {
    return err({ kind: 'tooFewFields', count: fields.value.length });
  }
  const named: Partial<Record<keyof EKtpBiodata, string>> = {};
  const opaque: string[] = [];
  for (const [index, value] of fields.value.entries()) {
    const name = FIELD_ORDER[index] ?? null;
    if (name === null) opaque.push(value);
    else named[name] = value.trim();
  }
  return ok({ biodata: eKtpBiodataSchema.parse(named), opaque });
}

/** The text of EF 6FF1 for a simulated card; fields without public meaning come out empty. */
export function formatBiodata(biodata: EKtpBiodata): string {
  return FIELD_ORDER.map((name) => {
    const value = name === null ? '' : biodata[name];
    return `"${value.replaceAll('"', '""')}"`;
  }).join(',');
}

function quotedFields(text: string): Result<string[], BiodataError> {
  const fields: string[] = [];
  const field = /"((?:[^"]|"")*)"(,|$)/y;
  for (let at = 0; at <= text.length; at = field.lastIndex) {
    field.lastIndex = at;
    const match = field.exec(text);
    if (match === null) return err({ kind: 'notQuoted', at });
    fields.push((match[1] ?? '').replaceAll('""', '"'));
    if (match[2] === '') break;
  }
  return ok(fields);
}
