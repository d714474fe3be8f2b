import { Button } from '../../kit/button.tsx';
import { TerminalPicture } from '../../kit/pictures/terminal.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession } from '../session.ts';

/** The end of a visit: thanks, or why it ended, and that nothing of the citizen stays. */
export function GoodbyeScreen() {
  const { say, choose, view } = useSession();
  // Thanks above "do not leave yet" or "no machine accepts your PIN" would read as mockery.
  const title = say(view.problem === null ? 'goodbye.title' : 'goodbye.titleTrouble');
  return (
    <CitizenScreen title={title} scene={<TerminalPicture state="wiped" />}>
      <p className="citizen-say">{say('goodbye.wiped')}</p>
      <Button hierarchy="primary" onPress={() => choose({ kind: 'finish' })}>
        {say('goodbye.home')}
      </Button>
    </CitizenScreen>
  );
}
