import { IconChevronLeft, IconChevronRight, IconFileOff, IconRefresh } from '@tabler/icons-react';
import { useCallback } from 'react';
import type { LoggedAttemptView } from '../../rpc/console.ts';
import { useConsole } from '../console/console-context.ts';
import { faultWords } from '../console/say.ts';
import { Empty, LoadFailed, Loading } from '../console/states.tsx';
import { clockTime, shortDayAndTime } from '../console/times.ts';
import { useLoaded } from '../console/use-loaded.ts';
import { Button } from '../kit/button.tsx';
import { JournalVerdict } from './journal-verdict.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';
import { hrefOf } from './route.ts';
import '../console/table.css';

export interface PrintLogProps {
  /** Where each page before this one ended; none on the newest page. */
  readonly cuts: readonly number[];
  readonly onCuts: (cuts: readonly number[]) => void;
}

/** Print attempts, newest first, a page at a time. */
export function PrintLog({ cuts, onCuts }: PrintLogProps) {
  const { client, say, language } = useConsole();
  const cut = cuts.at(-1) ?? null;
  const load = useCallback(() => client.printLog(cut), [client, cut]);
  const { data, at, trouble, isLoading, reload } = useLoaded(load);
  const last = data?.attempts.at(-1);
  if (trouble?.kind === 'roleMissing') return <LoadFailed trouble={trouble} onRetry={reload} />;
  return (
    <div className="con-log">
      <div className="con-title">
        <h1>{say('printLog.title')}</h1>
        <p className="con-quiet anj-figures">
          {say('printLog.intro')}
          {at !== null && ` ${say('technician.updatedAt', { time: clockTime(language, at) })}.`}
        </p>
      </div>
      <JournalVerdict />
      {trouble !== null && <LoadFailed trouble={trouble} onRetry={reload} />}
      {data === null && trouble === null && <Loading words={say('printLog.loading')} />}
      {data !== null && data.attempts.length === 0 && cut === null && (
        <Empty icon={<IconFileOff aria-hidden />} title={say('printLog.empty')}>
          {say('printLog.emptyBody')}
        </Empty>
      )}
      {data !== null && data.attempts.length > 0 && <AttemptTable attempts={data.attempts} />}
      <nav className="con-log__pages" aria-label={say('printLog.page', { page: cuts.length + 1 })}>
        <Button icon={<IconRefresh aria-hidden />} isDisabled={isLoading} onPress={reload}>
          {say('printLog.refresh')}
        </Button>
        <Button
          icon={<IconChevronLeft aria-hidden />}
          isDisabled={cuts.length === 0}
          onPress={() => onCuts(cuts.slice(0, -1))}
        >
          {say('printLog.newer')}
        </Button>
        <p className="anj-figures" role="status">
          {say('printLog.page', { page: cuts.length + 1 })}
        </p>
        <Button
          icon={<IconChevronRight aria-hidden />}
          iconSide="end"
          isDisabled={data?.more !== true}
          onPress={() => {
            if (last !== undefined) onCuts([...cuts, last.openedSeq]);
          }}
        >
          {say('printLog.older')}
        </Button>
      </nav>
    </div>
  );
}

function AttemptTable({ attempts }: { readonly attempts: readonly LoggedAttemptView[] }) {
  const { say, language } = useConsole();
  const none = say('printLog.none');
  return (
    <div
      className="con-panel con-scroll"
      role="region"
      aria-label={say('printLog.table')}
      tabIndex={0}
    >
      <table className="con-table">
        <caption className="anj-unseen">{say('printLog.table')}</caption>
        <thead>
          <tr>
            {(
              ['time', 'document', 'outcome', 'evidence', 'blank', 'fault', 'attempt'] as const
            ).map((column) => (
              <th key={column} scope="col">
                {say(`printLog.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <tr key={attempt.attemptId}>
              <td className="anj-figures">
                <a href={hrefOf(attempt.attemptId)}>
                  {shortDayAndTime(language, attempt.openedAt)}
                </a>
              </td>
              <td>{say(`documentName.${attempt.documentKind}`)}</td>
              <td>
                <OutcomeBadge attempt={attempt} />
              </td>
              <td>{attempt.evidence === null ? none : say(`evidence.${attempt.evidence}`)}</td>
              <td className="con-code">{attempt.blankSerial ?? none}</td>
              <td>{attempt.faultCode === null ? none : faultWords(say, attempt.faultCode)}</td>
              <td className="con-code">{attempt.attemptId}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
