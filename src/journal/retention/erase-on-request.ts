import type { Journal } from '../journal.ts';
import { decidedFields, storeStaffNote, type DecidedBy } from '../staff-note.ts';
import type { Vault } from '../vault/vault.ts';
import type { Nik } from '../../domain/nik.ts';

/** Whose personal fields are to go: one case, all cases of a request, or all of a person. */
export type ErasureSubject =
  { readonly caseId: string } | { readonly requestId: string } | { readonly nik: Nik };

/**
 * Erases at once what a person has a right to have erased. Who had it done and why is on record first;
 * completes when no file holds a key of it any more. Returns how many cases that were.
 */
export async function eraseOnRequest(
  { journal, vault }: { readonly journal: Journal; readonly vault: Vault },
  subject: ErasureSubject,
  by: DecidedBy,
): Promise<number> {
  const cases = casesOf(vault, subject);
  await journal.append({
    events: [{ kind: 'case.erasureAsked', cases: cases.length, ...decidedFields(by) }],
    also: ({ sql, seqs }) => storeStaffNote(sql, seqs[0] ?? 0, by),
  });
  if (cases.length > 0) await vault.erase(cases, 'request');
  return cases.length;
}

function casesOf(vault: Vault, subject: ErasureSubject): readonly string[] {
  if ('caseId' in subject) return vault.isSealed(subject.caseId) ? [subject.caseId] : [];
  if ('requestId' in subject) return vault.casesOfRequest(subject.requestId);
  return vault.casesOfPerson(subject.nik);
}
