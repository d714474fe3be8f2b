import { eraseOnRequest, type ErasureSubject } from '../journal/retention/erase-on-request.ts';
import { openAsOwner, type OwnerAsk } from './journal-owner.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, type Report } from './output.ts';

/** `anjungan journal erase`: erases the personal fields of a case or of a request, while core is down. */
export async function journalErase(
  ask: OwnerAsk & { readonly caseId: string | null; readonly requestId: string | null },
): Promise<Report> {
  const subject = subjectOf(ask);
  if (subject === null) {
    const lines = ['Name either --case or --request.'];
    return { json: { error: { kind: 'noSubject' } }, lines, exitStatus: NO_ANSWER };
  }
  const opened = openAsOwner(ask);
  if (!opened.ok) return opened.error;
  const { journal, vault, by, close } = opened.value;
  const cases = await eraseOnRequest({ journal, vault }, subject, by);
  await close();
  const line =
    cases === 0
      ? 'No personal fields of it are kept here; nothing was erased.'
      : `Erased the personal fields of ${cases} case${cases === 1 ? '' : 's'} for good.`;
  return { json: { cases }, lines: [line], exitStatus: cases === 0 ? BAD_NEWS : GOOD };
}

function subjectOf({
  caseId,
  requestId,
}: {
  readonly caseId: string | null;
  readonly requestId: string | null;
}): ErasureSubject | null {
  if (caseId !== null && requestId === null) return { caseId };
  return requestId !== null && caseId === null ? { requestId } : null;
}
