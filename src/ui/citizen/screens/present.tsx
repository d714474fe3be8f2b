import {
  PresentCardPicture,
  PresentCodePicture,
  ReadingCardPicture,
} from '../../kit/pictures/gestures.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession } from '../session.ts';

/** Waits for an e-KTP at the reader. */
export function PresentCardScreen() {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('presentCard.title')}
      intro={say('presentCard.intro')}
      scene={<PresentCardPicture />}
    />
  );
}

/** The chip is being read: the card must lie still. */
export function ReadingCardScreen() {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('readingCard.title')}
      intro={say('readingCard.intro')}
      scene={<ReadingCardPicture />}
    />
  );
}

/** Waits for a code at the scanner. */
export function PresentCodeScreen() {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('presentCode.title')}
      intro={say('presentCode.intro')}
      scene={<PresentCodePicture />}
    />
  );
}
