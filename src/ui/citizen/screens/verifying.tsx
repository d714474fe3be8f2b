import { VerifyingPicture } from '../../kit/pictures/gestures.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession } from '../session.ts';

/** The registry is being asked. */
export function VerifyingScreen() {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('verifying.title')}
      intro={say('verifying.intro')}
      scene={<VerifyingPicture />}
    />
  );
}
