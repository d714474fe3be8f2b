import { parseNik } from '../domain/nik.ts';
import { eraseOnRequest, type ErasureSubject } from '../journal/retention/erase-on-request.ts';
import { openAsOwner, type OwnerAsk } from './journal-owner.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, type Report } from './output.ts';

interface Named {
  readonly caseId: string | null;
  readonly requestId: string | null;
  /** As it was typed; arguments of a command are seen by everybody on the machine, so it is none. */
  readonly nik: string | null;
}

/** `anjungan journal erase`: erases the personal fields of a case, a request or a person, while core is down. */
export async function journalErase(ask: OwnerAsk & Named): Promise<Report> {
  const subject = subjectOf(ask);
  if (typeof subject === 'string') {
    const line =
      subject === 'notANik'
        ? 'What came on standard input is not a NIK.'
        : 'Name one of --case, --request and --nik-stdin.';
    return { json: { error: { kind: subject } }, lines: [line], exitStatus: NO_ANSWER };
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
  nik: typed,
}: Named): ErasureSubject | 'noSubject' | 'notANik' {
  if ([caseId, requestId, typed].filter((name) => name !== null).length !== 1) return 'noSubject';
  if (caseId !== null) return { caseId };
  if (requestId !== null) return { requestId };
  const nik = parseNik((typed ?? '').trim());
  return nik.ok ? { nik: nik.value } : 'notANik';
}
