import { Alert } from '../../kit/alert.tsx';
import { PlaceFingerPicture } from '../../kit/pictures/finger.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession, type ScreenProps } from '../session.ts';

/** The printed card waits inside; its holder puts a finger on the sensor. */
export function PlaceFingerScreen({ screen }: ScreenProps<'placeFinger'>) {
  const { say } = useSession();
  const { finger, guidance, again } = screen;
  return (
    <CitizenScreen
      title={say('placeFinger.title', { finger: say(`finger.${finger}`) })}
      intro={say('placeFinger.intro')}
      scene={<PlaceFingerPicture finger={finger} />}
    >
      {guidance !== null && (
        <Alert status="info" title={say(`guidance.${guidance}`)} isUrgent>
          <p>{say('placeFinger.hold')}</p>
        </Alert>
      )}
      {guidance === null && again && (
        <Alert status="caution" title={say('placeFinger.again')} isUrgent>
          <p>{say('placeFinger.againFate')}</p>
        </Alert>
      )}
      {guidance === null && !again && (
        <Alert status="info" title={say('placeFinger.whyTitle')}>
          <p>{say('placeFinger.why')}</p>
        </Alert>
      )}
    </CitizenScreen>
  );
}
