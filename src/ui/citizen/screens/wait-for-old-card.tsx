import { TakeYourCardPicture } from '../../kit/pictures/gestures.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession } from '../session.ts';

/** The slot was told to give the old card back, and has not shown yet that it did. */
export function WaitForOldCardScreen() {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('waitForOldCard.title')}
      intro={say('waitForOldCard.intro')}
      scene={<TakeYourCardPicture />}
    />
  );
}
