import * as z from 'zod';
import { sha256Hex } from '../../base/canonical-json.ts';
import type { Database } from '../../store/database.ts';
import { hashOfAccountName } from '../account-name.ts';
import { hashOfNote } from '../staff-note.ts';
import type { Break, BreakReason } from './report.ts';

const besideRows = (reason: BreakReason, seq: number, detail: string): Break => ({
  reason,
  seq,
  lastGoodSeq: seq,
  detail,
});

const caseRow = z.strictObject({
  seq: z.number().int(),
  case_id: z.string(),
  recorded: z.string().nullable(),
  ciphertext: z.instanceof(Uint8Array).nullable(),
  is_as_told: z.union([z.literal(0), z.literal(1)]),
});

/** The vault holds the cases whose newest event opened them, each as that event says, and no other. */
export function vaultBreak(database: Database, lastSeq: number): Break | null {
  // Looked up from the events: they were read in the walk just now.
  const query = `WITH told AS (
      SELECT seq, json_extract(body, '$.event.caseId') AS case_id,
        json_extract(body, '$.event.sessionId') AS session_id,
        json_extract(body, '$.event.requestId') AS request_id,
        json_extract(body, '$.event.nonce') AS sealed_under,
        json_extract(body, '$.event.ciphertextSha256') AS recorded
      FROM rows WHERE seq IN (
        SELECT seq FROM rows WHERE kind = 'case.opened'
        UNION ALL SELECT seq FROM rows WHERE asked_kind = 'case.erased'
      )
    ), newest AS (
      SELECT max(seq) AS seq, case_id, session_id, request_id, sealed_under, recorded
      FROM told GROUP BY case_id
    )
    SELECT coalesce(newest.seq, ?) AS seq, case_id, recorded, ciphertext,
      vault.session_id IS newest.session_id AND vault.request_id IS newest.request_id
        AND lower(hex(nonce)) IS coalesce(sealed_under, lower(hex(nonce))) AS is_as_told
    FROM newest FULL JOIN vault USING (case_id)
    WHERE ciphertext IS NOT NULL OR recorded IS NOT NULL
    ORDER BY 1`;
  for (const row of database.iterate(caseRow, query, lastSeq)) {
    const { seq, case_id, recorded, ciphertext, is_as_told } = row;
    const fields = `the sealed fields of case ${case_id}`;
    if (ciphertext === null) {
      return besideRows('vaultMismatch', seq, `${fields} are gone, though nobody erased them`);
    }
    if (recorded === null) {
      return besideRows('vaultMismatch', seq, `${fields} lie here, though the record has none`);
    }
    if (is_as_told === 0 || sha256Hex(ciphertext) !== recorded) {
      return besideRows('vaultMismatch', seq, `${fields} are not those that were sealed`);
    }
  }
  return null;
}

const noteRow = z.strictObject({
  seq: z.number().int(),
  recorded: z.string().nullable(),
  name: z.string().nullable(),
  reason: z.string().nullable(),
});

/** Every row that holds the hash of a note has that note beside it, and no other row has one. */
export function notesBreak(database: Database): Break | null {
  // The name of a member with its quotes stands in no text of a body, where quotes are escaped.
  const query = `WITH decided AS (
      SELECT seq, json_extract(body, '$.event.noteSha256') AS recorded
      FROM rows WHERE instr(body, '"noteSha256":') > 0
    )
    SELECT seq, recorded, name, reason
    FROM decided FULL JOIN staff_notes USING (seq) ORDER BY 1`;
  for (const { seq, recorded, name, reason } of database.iterate(noteRow, query)) {
    if (name === null || reason === null) {
      return besideRows('noteMismatch', seq, `the note beside row ${seq} is gone`);
    }
    if (hashOfNote({ name, reason }) !== recorded) {
      return besideRows('noteMismatch', seq, `the note beside row ${seq} is not the one it holds`);
    }
  }
  return null;
}

const accountRow = z.strictObject({
  seq: z.number().int(),
  person_id: z.string(),
  recorded: z.string().nullable(),
  name: z.string().nullable(),
  is_as_told: z.union([z.literal(0), z.literal(1)]),
});

/** The accounts are those that the events made, by these names, with these roles, closed where an event closed them. */
export function accountsBreak(database: Database, lastSeq: number): Break | null {
  // Materialised, it is read by the index of these few rows; joined as it is, by a scan of the whole chain.
  const query = `WITH made AS MATERIALIZED (
      SELECT seq, json_extract(body, '$.event.personId') AS person_id,
        json_extract(body, '$.event.nameSha256') AS recorded,
        json_extract(body, '$.event.roles') AS roles
      FROM rows WHERE kind = 'staff.personCreated'
    ), closed AS (
      SELECT json_extract(body, '$.event.personId') AS person_id
      FROM rows WHERE kind = 'staff.personDisabled'
    )
    SELECT coalesce(made.seq, ?) AS seq, person_id, recorded, name,
      made.seq IS NOT NULL AND roles_json IS roles AND disabled IS EXISTS (
        SELECT 1 FROM closed WHERE closed.person_id = people.person_id
      ) AS is_as_told
    FROM made FULL JOIN people USING (person_id) ORDER BY 1`;
  for (const row of database.iterate(accountRow, query, lastSeq)) {
    const { seq, person_id, recorded, name, is_as_told } = row;
    if (name === null) {
      return besideRows('accountMismatch', seq, `account ${person_id} is gone`);
    }
    const isNamed = recorded === null || recorded === hashOfAccountName(person_id, name);
    if (is_as_told === 0 || !isNamed) {
      return besideRows('accountMismatch', seq, `account ${person_id} is not as the record says`);
    }
  }
  return null;
}
