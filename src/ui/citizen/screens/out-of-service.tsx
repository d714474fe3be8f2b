import { TerminalPicture } from '../../kit/pictures/terminal.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession, type ScreenProps } from '../session.ts';

/** Nobody is served: why, that nothing is lost, and who helps. */
export function OutOfServiceScreen({ screen }: ScreenProps<'outOfService'>) {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say(`outOfService.${screen.reason}.title`)}
      intro={say(`outOfService.${screen.reason}.body`)}
      scene={<TerminalPicture state="resting" />}
    >
      <p className="citizen-say">{say('outOfService.whatNow')}</p>
    </CitizenScreen>
  );
}
