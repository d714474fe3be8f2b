import { IconArrowLeft } from '@tabler/icons-react';
import { useCallback, useEffect, useRef } from 'react';
import type { Timeline } from '../../rpc/console.ts';
import { useConsole } from '../console/console-context.ts';
import { FactGrid } from '../console/fact-grid.tsx';
import { faultWords } from '../console/say.ts';
import { LoadFailed, Loading } from '../console/states.tsx';
import { dayAndTime } from '../console/times.ts';
import { useLoaded } from '../console/use-loaded.ts';
import { OutcomeBadge } from './outcome-badge.tsx';
import { LIST_HREF } from './route.ts';
import { TimelineTable } from './timeline-table.tsx';

/** One attempt from its reservation to the registry's receipt. */
export function AttemptPage({ attemptId }: { readonly attemptId: string }) {
  const { client, say } = useConsole();
  const load = useCallback(() => client.attempt(attemptId), [client, attemptId]);
  const { data, trouble, reload } = useLoaded(load);
  return (
    <div className="con-log">
      <nav>
        <a className="con-back" href={LIST_HREF}>
          <IconArrowLeft aria-hidden />
          {say('attempt.back')}
        </a>
      </nav>
      {trouble !== null && <LoadFailed trouble={trouble} onRetry={reload} />}
      {data === null && trouble === null && <Loading words={say('attempt.loading')} />}
      {data !== null && <Attempt timeline={data} />}
    </div>
  );
}

function Attempt({ timeline: { attempt, rows } }: { readonly timeline: Timeline }) {
  const { say, language } = useConsole();
  const title = useRef<HTMLHeadingElement>(null);
  // Whoever came here by a link hears where they are.
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      <div className="con-title">
        <h1 ref={title} tabIndex={-1}>
          {say('attempt.title', { document: say(`documentName.${attempt.documentKind}`) })}
        </h1>
        <OutcomeBadge attempt={attempt} />
      </div>
      <section className="con-panel">
        <FactGrid
          facts={[
            {
              term: say('attempt.id'),
              value: <span className="con-code">{attempt.attemptId}</span>,
            },
            {
              term: say('attempt.request'),
              value: <span className="con-code">{attempt.requestId}</span>,
            },
            {
              term: say('attempt.session'),
              value: <span className="con-code">{attempt.sessionId}</span>,
            },
            { term: say('attempt.state'), value: say(`attemptState.${attempt.state}`) },
            { term: say('attempt.opened'), value: dayAndTime(language, attempt.openedAt) },
            { term: say('attempt.updated'), value: dayAndTime(language, attempt.updatedAt) },
            {
              term: say('printLog.evidence'),
              value:
                attempt.evidence === null
                  ? say('attempt.notSettled')
                  : say(`evidence.${attempt.evidence}`),
            },
            {
              term: say('printLog.blank'),
              value: attempt.blankSerial ?? say('attempt.noBlank'),
            },
            {
              term: say('printLog.fault'),
              value:
                attempt.faultCode === null
                  ? say('attempt.noFault')
                  : faultWords(say, attempt.faultCode),
            },
          ]}
        />
      </section>
      <h2>{say('attempt.timeline')}</h2>
      <TimelineTable rows={rows} />
    </>
  );
}
