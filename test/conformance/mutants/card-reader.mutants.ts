import { describe } from '@jest/globals';
import type { CommandFailure } from '../../../drivers/contract/command.ts';
import type { Result } from '../../../src/base/result.ts';
import { ok } from '../../../src/base/result.ts';
import { siti, TYPE_A_UID } from '../../drivers/ektp/synthetic-card.ts';
import { cardReaderSuite, type CardReaderUnderTest } from '../card-reader-suite.ts';
import { openOnSimulatedBus } from '../ccid-simulated.ts';
import { withControls, titleOf, type Mutant } from './mutant.ts';

type Tap = CardReaderUnderTest['tap'];
type Answer = Result<unknown, CommandFailure>;

interface ReaderMutant extends Mutant {
  /** What it answers to a command in the place of its right answer; a fresh one for each reader. */
  readonly wrong?: () => (command: string, right: Answer) => Answer;
  /** How a card is laid on in the place of the right way; a fresh one for each reader. */
  readonly field?: (right: Tap) => Tap;
}

/** Another answer to a reading that ends with this error. */
const insteadOf =
  (errorCode: string, answer: Answer): NonNullable<ReaderMutant['wrong']> =>
  () =>
  (command, right) => {
    const failed =
      command === 'readIdentity' &&
      !right.ok &&
      right.error.kind === 'commandError' &&
      right.error.errorCode === errorCode;
    return failed ? answer : right;
  };

const silent: Answer = { ok: false, error: { kind: 'commandError', errorCode: 'cardSilent' } };
const present: Answer = ok({ assurance: 'present', uidHex: TYPE_A_UID });
const authenticated: Answer = ok({
  assurance: 'authenticated',
  uidHex: TYPE_A_UID,
  biodata: siti,
});

const mutants: readonly ReaderMutant[] = [
  {
    name: 'claims a bin that it has not got',
    noticedBy: 'says what it can do',
    wrong: () => (command, right) =>
      command === 'getCapabilities' && right.ok
        ? ok({ ...(right.value as object), captureBin: true })
        : right,
  },
  {
    name: 'takes an empty field for a silent card',
    noticedBy: 'is online and empty',
    wrong: insteadOf('noCard', silent),
  },
  {
    name: 'remembers who was read first',
    noticedBy: 'never gives the last card',
    wrong: () => {
      let first: Answer | null = null;
      return (command, right) => {
        if (command !== 'readIdentity' || !right.ok) return right;
        first ??= right;
        return first;
      };
    },
  },
  {
    name: 'calls a pulled card silent',
    noticedBy: 'tells a card pulled out',
    wrong: insteadOf('cardRemoved', silent),
  },
  {
    name: 'makes do with what it understood of garbage',
    noticedBy: 'tells a card that answers garbage',
    wrong: insteadOf('cardGarbled', present),
  },
  {
    name: 'believes a card that the SAM does not know',
    noticedBy: 'refuses a card that the SAM',
    wrong: insteadOf('authenticationFailed', authenticated),
  },
  {
    name: 'says that it moved a card which it cannot move',
    noticedBy: 'refuses to move cards',
    wrong: () => (command, right) => (command === 'captureCard' ? ok({ capturedCount: 1 }) : right),
  },
  {
    name: 'is a field that never lets go of the first chip',
    noticedBy: 'never gives the last card',
    field: (right) => {
      let first: Parameters<Tap>[0] | null = null;
      return (card, fault) => right((first ??= card), fault);
    },
  },
  {
    name: 'is a SAM that knows every card',
    noticedBy: 'refuses a card that the SAM',
    field: (right) => (card, fault) => right(card, fault === 'stranger' ? null : fault),
  },
];

for (const mutant of withControls(mutants)) {
  const { wrong = () => (_: string, right: Answer) => right, field = (right: Tap) => right } =
    mutant;
  describe(titleOf(mutant), () => {
    cardReaderSuite('it', { motorised: false, captureBin: false, sam: true }, async () => {
      const right = await openOnSimulatedBus(true, {});
      const answer = wrong();
      const made: CardReaderUnderTest = {
        ...right,
        tap: field((card, fault) => right.tap(card, fault)),
        call: async (command, params) => answer(command, await right.call(command, params)),
      };
      return made;
    });
  });
}
