import { Alert } from '../../kit/alert.tsx';
import { SurrenderCardPicture } from '../../kit/pictures/gestures.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession } from '../session.ts';

/** The slot is open for the old card. */
export function SurrenderCardScreen() {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('surrenderCard.title')}
      intro={say('surrenderCard.intro')}
      scene={<SurrenderCardPicture />}
    >
      <Alert status="info" title={say('surrenderCard.promiseTitle')}>
        <p>{say('surrenderCard.promise')}</p>
      </Alert>
    </CitizenScreen>
  );
}
