import type { CommandFailure } from '../../../drivers/contract/command.ts';
import type { Result } from '../../../src/base/result.ts';
import { err, ok } from '../../../src/base/result.ts';
import { siti, suparman, TYPE_A_UID } from '../../drivers/ektp/synthetic-card.ts';
import { cardReaderCases, type CardReaderUnderTest } from '../card-reader-suite.ts';
import { openOnSimulatedBus } from '../ccid-simulated.ts';
import { proveSuite, type Mutant } from './proved.ts';
import { quickClock } from './quick-clock.ts';

type Answer = Result<unknown, CommandFailure>;
/** What it answers to a command in the place of its right answer. */
type Answers = (command: string, right: Answer) => Answer | Promise<Answer>;

interface ReaderMutant extends Mutant {
  /** A fresh one for each reader. */
  readonly wrong?: () => Answers;
  /** What it does otherwise, or what is done to it and it does not notice. */
  readonly deaf?: (right: CardReaderUnderTest) => Partial<CardReaderUnderTest>;
}

const readings =
  (change: (right: Answer) => Answer | Promise<Answer>): Answers =>
  (command, right) =>
    command === 'readIdentity' ? change(right) : right;

/** Another answer to a reading that ends with this error. */
const insteadOf =
  (errorCode: string, answer: Answer): NonNullable<ReaderMutant['wrong']> =>
  () =>
    readings((right) => {
      const failed =
        !right.ok && right.error.kind === 'commandError' && right.error.errorCode === errorCode;
      return failed ? answer : right;
    });

const reading = (errorCode: string): Answer => err({ kind: 'commandError', errorCode });
const present: Answer = ok({ assurance: 'present', uidHex: TYPE_A_UID });
const authenticated = (biodata: object): Answer =>
  ok({ assurance: 'authenticated', uidHex: TYPE_A_UID, biodata });

const mutants: readonly ReaderMutant[] = [
  {
    is: 'claims a bin that it has not got',
    noticedBy: ['says what it can do'],
    wrong: () => (command, right) =>
      command === 'getCapabilities' && right.ok
        ? ok({ ...(right.value as object), captureBin: true })
        : right,
  },
  {
    is: 'takes an empty field for a silent card',
    noticedBy: ['is online and empty', 'never gives the last card'],
    wrong: insteadOf('noCard', reading('cardSilent')),
  },
  {
    is: 'sees a card where none is',
    noticedBy: ['is online and empty', 'reads who the card says it is'],
    wrong: () => (command, right) =>
      command === 'getStatus' && right.ok
        ? ok({ ...(right.value as object), card: 'present' })
        : right,
  },
  {
    is: 'reads somebody else',
    noticedBy: ['reads who the card says it is'],
    wrong: () => readings((right) => (right.ok ? authenticated(suparman) : right)),
  },
  {
    is: 'reads the number of the chip and no more',
    noticedBy: ['reads who the card says it is'],
    wrong: () => readings((right) => (right.ok ? present : right)),
  },
  {
    is: 'reads a card once',
    noticedBy: ['reads who the card says it is'],
    wrong: () => {
      let read = false;
      return readings((right) => {
        if (read) return reading('cardSilent');
        read = right.ok;
        return right;
      });
    },
  },
  {
    is: 'never answers',
    noticedBy: ['reads who the card says it is'],
    wrong: () => readings(() => new Promise(() => undefined)),
  },
  {
    is: 'gives each answer to the question after',
    noticedBy: ['reads who the card says it is', 'never gives the last card'],
    wrong: () => {
      let before = reading('noCard');
      return readings((right) => {
        const answer = before;
        before = right;
        return answer;
      });
    },
  },
  {
    is: 'remembers who was read first',
    noticedBy: ['never gives the last card'],
    wrong: () => {
      let first: Answer | null = null;
      return readings((right) => (right.ok ? (first ??= right) : right));
    },
  },
  {
    is: 'never lets go of the first chip',
    noticedBy: ['never gives the last card'],
    deaf: (right) => {
      let first: Parameters<CardReaderUnderTest['tap']>[0] | null = null;
      return { tap: (card, fault) => right.tap((first ??= card), fault) };
    },
  },
  {
    is: 'calls a pulled card silent',
    noticedBy: ['tells a card pulled out'],
    wrong: insteadOf('cardRemoved', reading('cardSilent')),
  },
  {
    is: 'makes do with what it understood of garbage',
    noticedBy: ['tells a card that answers garbage'],
    wrong: insteadOf('cardGarbled', present),
  },
  {
    is: 'calls a silent card gone',
    noticedBy: ['tells a card that does not answer'],
    wrong: insteadOf('cardSilent', reading('cardRemoved')),
  },
  {
    is: 'believes a card that the SAM does not know',
    noticedBy: ['refuses a card that the SAM'],
    wrong: insteadOf('authenticationFailed', authenticated(siti)),
  },
  {
    is: 'has a SAM that knows every card',
    noticedBy: ['refuses a card that the SAM'],
    deaf: (right) => ({
      tap: (card, fault) => right.tap(card, fault === 'stranger' ? null : fault),
    }),
  },
  {
    is: 'says that it moved a card which it cannot move',
    noticedBy: ['refuses to move cards'],
    wrong: () => (command, right) => (command === 'captureCard' ? ok({ capturedCount: 1 }) : right),
  },
  {
    is: 'does not notice that it is out of order',
    noticedBy: ['says when it is out of order'],
    deaf: () => ({ breakDown: () => Promise.resolve() }),
  },
  {
    is: 'goes on naming the last card while it is out of order',
    noticedBy: ['says when it is out of order'],
    wrong: () =>
      readings((right) =>
        !right.ok && right.error.kind === 'notReady' ? authenticated(siti) : right,
      ),
  },
  {
    is: 'does not come back by itself',
    noticedBy: ['says when it is out of order'],
    deaf: () => ({ mend: () => Promise.resolve() }),
  },
];

async function on(
  { wrong = () => (_, right) => right, deaf = () => ({}) }: Partial<ReaderMutant>,
  prove: (reader: CardReaderUnderTest) => Promise<void>,
): Promise<void> {
  const right = await openOnSimulatedBus(true, {}, quickClock);
  const answer = wrong();
  try {
    await prove({
      ...right,
      call: async (command, params) => answer(command, await right.call(command, params)),
      ...deaf(right),
    });
  } finally {
    right.events.end();
    await right.close();
  }
}

proveSuite('card readers', [
  { cases: cardReaderCases({ motorised: false, captureBin: false, sam: true }), mutants, on },
]);
