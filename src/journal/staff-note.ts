import * as z from 'zod';
import { canonicalJson, sha256Hex } from '../base/canonical-json.ts';
import type { SqlReader, SqlWriter } from '../store/sql.ts';

const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'is one line of text');

/** Who does something to the record, and why, in their own words. */
export const staffNoteSchema = z.strictObject({ name: line(80), reason: line(300) });
export type StaffNote = z.infer<typeof staffNoteSchema>;

/**
 * Whether a note holds 16 digits in a row, as a NIK has, spaces, dots and hyphens between them not
 * counted. Notes are kept in clear for as long as the record, so such a one may not be taken.
 */
export const holdsNik = ({ name, reason }: StaffNote): boolean =>
  [name, reason].some((text) => /(?:\d[\s.-]*){16}/u.test(text));

export interface DecidedBy extends StaffNote {
  /** Of the person who signed in; null where the owner of the data folder acts while core is down. */
  readonly personId: string | null;
  /** User of the operating system, where nobody signed in. */
  readonly osUid: number | null;
}

/** What the event beside a note says of it. */
export const hashOfNote = ({ name, reason }: StaffNote): string =>
  sha256Hex(canonicalJson({ name, reason }));

/** The part of an event that says who decided: no word of the note itself. */
export const decidedFields = ({ personId, osUid, name, reason }: DecidedBy) => ({
  personId,
  osUid,
  noteSha256: hashOfNote(staffNoteSchema.parse({ name, reason })),
});

/** Lays the note beside the row whose event holds its hash. */
export function storeStaffNote(sql: SqlWriter, seq: number, by: StaffNote): void {
  const { name, reason } = staffNoteSchema.parse({ name: by.name, reason: by.reason });
  sql.run('INSERT INTO staff_notes (seq, name, reason) VALUES (?, ?, ?)', seq, name, reason);
}

/** The note beside a row; null where there is none. */
export const readStaffNote = (sql: SqlReader, seq: number): StaffNote | null =>
  sql.get(staffNoteSchema, 'SELECT name, reason FROM staff_notes WHERE seq = ?', seq) ?? null;
