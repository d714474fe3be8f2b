import type { CitizenProblem } from '../../../rpc/citizen-view.ts';
import { Alert } from '../../kit/alert.tsx';
import { StepList } from '../../kit/step-list.tsx';
import { DocumentScene } from '../../kit/pictures/document-scene.tsx';
import { CitizenScreen } from '../citizen-screen.tsx';
import { ProblemAlert } from '../problem-alert.tsx';
import { useSession, type ScreenProps } from '../session.ts';

/** What the machine really does. */
export function PrintingScreen({ screen }: ScreenProps<'printing'>) {
  const { say } = useSession();
  return (
    <CitizenScreen
      title={say('printing.title', { document: say(`document.${screen.documentKind}.name`) })}
      intro={say('printing.intro')}
      trouble={<PrintingTrouble />}
      picture={<DocumentScene kind={screen.documentKind} />}
    >
      <StepList
        label={say('printing.steps')}
        steps={screen.steps.map((step) => ({ id: step, words: say(`step.${step}`) }))}
        currentId={screen.step}
        states={{
          done: say('printing.done'),
          current: say('printing.current'),
          ahead: say('printing.ahead'),
        }}
      />
    </CitizenScreen>
  );
}

const toldAsItIs: readonly CitizenProblem[] = ['cardJammed', 'holderWaits', 'paperStopped'];

/** What keeps this print from going on is told as it is; any other problem here is what the try before this one ended in. */
function PrintingTrouble() {
  const { say, view } = useSession();
  const code = view.problem?.code;
  if (code === undefined || toldAsItIs.includes(code)) return <ProblemAlert />;
  return (
    <Alert status="info" title={say('printing.again')} isUrgent>
      <p>{say('printing.againFate')}</p>
    </Alert>
  );
}
