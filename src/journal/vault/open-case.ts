import { newId } from '../../base/ids.ts';
import { maskNik, type Nik } from '../../domain/nik.ts';
import type { ListedRequest } from '../../domain/request.ts';
import type { Vault } from './vault.ts';

/** Who stands here, as far as the terminal came to know. */
export interface Claimant {
  /** As the registry gave it: masked. */
  readonly name: string;
  /** Typed, or read from the card; null on the code way, where only the registry knows it. */
  readonly nik: Nik | null;
}

/** The registry bounds no name; a longer one than any form takes is cut, not refused. */
const NAME_CHARACTERS = 200;

/**
 * Seals who came for a request and whom the document is about. Completes with the id of the case when
 * it is on the disk; the NIK itself is kept nowhere.
 */
export async function openCase(
  vault: Vault,
  sessionId: string,
  {
    requestId,
    subjectName,
    authority,
  }: Pick<ListedRequest, 'requestId' | 'subjectName' | 'authority'>,
  { name, nik }: Claimant,
): Promise<string> {
  const caseId = newId('case');
  await vault.put(
    { caseId, sessionId, requestId },
    {
      claimantName: name.slice(0, NAME_CHARACTERS),
      subjectName: subjectName.slice(0, NAME_CHARACTERS),
      authority,
      ...(nik === null ? {} : { maskedNik: maskNik(nik), personKey: vault.personKey(nik) }),
    },
  );
  return caseId;
}
