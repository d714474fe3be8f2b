import { IconCheck } from '@tabler/icons-react';
import { Alert } from '../../kit/alert.tsx';
import { Button } from '../../kit/button.tsx';
import {
  TakeCardPicture,
  TakePaperPicture,
  TakeYourCardPicture,
} from '../../kit/pictures/gestures.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { useSession, type ScreenProps } from '../session.ts';

/** The new card waits in the slot; the exit sensor answers, not the citizen. */
export function TakeCardScreen({ screen }: ScreenProps<'takeCard'>) {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('takeCard.title', { document: say(`document.${screen.documentKind}.name`) })}
      intro={say('takeCard.intro')}
      trouble={screen.reminded && <TakeCardReminder />}
      scene={<TakeCardPicture />}
    >
      {!screen.reminded && <p className="citizen-say">{say('takeCard.note')}</p>}
    </CitizenScreen>
  );
}

/** Said again, and at once where a screen reader listens: the card is soon out of reach. */
function TakeCardReminder() {
  const { say } = useSession();
  return (
    <Alert status="caution" title={say('takeCard.reminder')} isUrgent>
      <p>{say('takeCard.reminderNote')}</p>
    </Alert>
  );
}

/** No sensor counts sheets, so the citizen says whether all are there. */
export function TakePaperScreen({ screen }: ScreenProps<'takePaper'>) {
  const { say, choose, view } = useSession();
  // Where the printer cannot vouch for the sheets, none are promised.
  const isUnclear = view.problem !== null;
  return (
    <CitizenScreen
      title={say(isUnclear ? 'takePaper.titleUnclear' : 'takePaper.title')}
      intro={say(isUnclear ? 'takePaper.introUnclear' : 'takePaper.intro', { count: screen.pages })}
      scene={<TakePaperPicture />}
    >
      <div className="citizen-actions">
        <Button onPress={() => choose({ kind: 'paperMissing' })}>{say('takePaper.missing')}</Button>
        <Button
          hierarchy="primary"
          icon={<IconCheck aria-hidden />}
          onPress={() => choose({ kind: 'paperTaken' })}
        >
          {say('takePaper.taken')}
        </Button>
      </div>
    </CitizenScreen>
  );
}

/** The citizen's own card still lies on the reader. */
export function TakeYourCardScreen() {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('takeYourCard.title')}
      intro={say('takeYourCard.intro')}
      scene={<TakeYourCardPicture />}
    />
  );
}
