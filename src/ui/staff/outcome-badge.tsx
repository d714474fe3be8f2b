import { assertNever } from '../../base/assert.ts';
import type { Outcome } from '../../domain/attempt.ts';
import type { LoggedAttemptView } from '../../rpc/console.ts';
import { Badge } from '../console/badge.tsx';
import { useConsole } from '../console/console-context.ts';
import type { Status } from '../kit/alert.tsx';

/** What became of an attempt, or how far it is. */
export function OutcomeBadge({
  attempt,
}: {
  readonly attempt: Pick<LoggedAttemptView, 'outcome' | 'state'>;
}) {
  const { say } = useConsole();
  const { outcome, state } = attempt;
  if (outcome === null) {
    const words = say('printLog.underWay', { state: say(`attemptState.${state}`) });
    return <Badge status="info">{words}</Badge>;
  }
  return <Badge status={statusOf(outcome)}>{say(`outcome.${outcome}`)}</Badge>;
}

function statusOf(outcome: Outcome): Status {
  switch (outcome) {
    case 'delivered':
      return 'success';
    case 'notPrinted':
      return 'info';
    case 'spoiled':
    case 'retracted':
      return 'caution';
    case 'uncertain':
      return 'critical';
    default:
      return assertNever(outcome);
  }
}
