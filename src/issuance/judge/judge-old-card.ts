import type { CardReaderStatus } from '../../../drivers/contract/card-reader.ts';

/** The slot and its bin after the card in it was told to fall. */
export interface OldCardScene {
  /** Whether the command ended well; false where nobody heard how it ended. */
  readonly answered: boolean;
  /** What the bin counted before; null where it does not count. */
  readonly capturedBefore: number | null;
  /** null: the slot does not say. */
  readonly status: Pick<CardReaderStatus, 'card' | 'capturedCount'> | null;
}

/** Where the old card is, as far as it is proved. A bin that counts is believed before any answer. */
export function judgeOldCard({
  answered,
  capturedBefore,
  status,
}: OldCardScene): 'captured' | 'held' | 'uncertain' {
  if (status?.card === 'held') return 'held';
  const now = status?.capturedCount ?? null;
  const counted = now === null || capturedBefore === null ? null : now - capturedBefore;
  const fellIn = counted === null ? answered : counted === 1;
  return fellIn ? 'captured' : 'uncertain';
}
