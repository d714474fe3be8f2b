import type { UnavailableReason } from './citizen-view.ts';
import type { TerminalStatus } from './terminal-status.ts';

/** Reasons that end neither by themselves nor by a refill or a repair: two people have to decide. */
export const waitsForPeopleReasons = [
  'outcomeUnresolved',
  'countersWentBack',
  'registryForgot',
  'testCardUnsettled',
  'strangeBlank',
  'countNeeded',
] as const satisfies readonly UnavailableReason[];
export type WaitsForPeople = (typeof waitsForPeopleReasons)[number];

/** What two people have to decide before all documents are printed again, each named once. */
export function waitsForPeople({
  documents,
}: Pick<TerminalStatus, 'documents'>): readonly WaitsForPeople[] {
  const away = new Set(Object.values(documents));
  return waitsForPeopleReasons.filter((reason) => away.has(reason));
}
