import { Alert } from '../kit/alert.tsx';
import { problemStatus } from './problem-status.ts';
import { problemText } from './problem-text.ts';
import { useSession } from './session.ts';

/** What went wrong, what became of document and code, what to do; nothing where all is well. */
export function ProblemAlert() {
  const { view, say } = useSession();
  if (view.problem === null) return null;
  const { what, fate, action } = problemText(say, view.problem);
  return (
    <Alert status={problemStatus(view.problem.code)} title={what} isUrgent>
      <p>{fate}</p>
      <p>{action}</p>
    </Alert>
  );
}
