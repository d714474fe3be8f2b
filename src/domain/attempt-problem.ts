import * as z from 'zod';

/** Why an attempt did not end as wished, in words that have a sentence on the citizen's screen. */
export const attemptProblemSchema = z.enum([
  'registryUnreachable',
  'registryNoAnswer',
  'registryNonsense',
  'reservedElsewhere',
  'notReadyAnymore',
  'wrongPrintCode',
  'claimEnded',
  'limitReached',
  'notSignedYet',
  'orderInvalid',
  'documentAltered',
  'checkNotDone',
  'wrongBlanksOnly',
  'strangeBlank',
  'blanksOut',
  'blanksKept',
  'paperOut',
  'powerFailing',
  'printerTrouble',
  'readerTrouble',
  'printFailedCardKept',
  'notCollected',
  'outcomeUncertain',
  'paperUncertain',
  'holderNotMatched',
  'holderNotChecked',
  'holderCheckNotPossible',
  'cancelled',
]);
export type AttemptProblem = z.infer<typeof attemptProblemSchema>;
