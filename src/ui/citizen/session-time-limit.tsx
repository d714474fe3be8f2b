import { assertNever } from '../../base/assert.ts';
import type { ScreenName } from '../../rpc/citizen-view.ts';
import { TimeLimit } from '../kit/time-limit.tsx';
import { useSession } from './session.ts';

/** Warns of the view's time limit, wherever running out of it would cost the citizen something. */
export function SessionTimeLimit() {
  const { view, say, choose } = useSession();
  if (view.timeLimit === null || !endsTheVisit(view.screen.name)) return null;
  return (
    <TimeLimit
      remainingMs={view.timeLimit.remainingMs}
      warnAtMs={view.timeLimit.warnAtMs}
      words={{
        title: say('timeLimit.title'),
        explanation: (seconds) => say('timeLimit.explanation', { count: seconds }),
        stay: say('timeLimit.stay'),
        leave: say('timeLimit.leave'),
      }}
      onStay={() => choose({ kind: 'extendTime' })}
      onLeave={view.canCancel ? () => choose({ kind: 'cancel' }) : null}
    />
  );
}

/** After the last question nothing is lost by leaving: there a warning would only be one more screen. */
function endsTheVisit(name: ScreenName): boolean {
  switch (name) {
    case 'presentCard':
    case 'readingCard':
    case 'presentCode':
    case 'enterNik':
    case 'enterPin':
    case 'enterPrintCode':
    case 'verifying':
    case 'chooseDocument':
    case 'confirm':
    case 'surrenderCard':
    case 'placeFinger':
    case 'waitForOldCard':
    case 'printing':
    case 'takeCard':
    case 'takePaper':
    case 'result':
      return true;
    case 'outOfService':
    case 'welcome':
    case 'satisfaction':
    case 'takeYourCard':
    case 'goodbye':
      return false;
    default:
      return assertNever(name);
  }
}
