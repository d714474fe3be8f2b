import type { ReactNode } from 'react';
import { waySchema } from '../../rpc/citizen-view.ts';
import { documentKindSchema } from '../../domain/document.ts';
import type { TerminalStatus } from '../../rpc/terminal-status.ts';
import { useConsole } from '../console/console-context.ts';
import { figure, shortDayAndTime } from '../console/times.ts';
import { Availability } from '../kit/availability.tsx';
import type { UnavailableReason } from '../../rpc/citizen-view.ts';

/** What can be had now, the registry, the record, and the terminal itself. */
export function SidePanels({ status }: { readonly status: TerminalStatus }) {
  const { say, language } = useConsole();
  const { documents, ways, registry, journal } = status;
  const reasonOf = (reason: UnavailableReason | null): ReactNode => (
    <Availability isThere={reason === null}>
      {reason === null ? say('technician.available') : say(`reasonAway.${reason}`)}
    </Availability>
  );
  return (
    <aside className="con-side">
      <Panel
        title={say('technician.documents')}
        rows={documentKindSchema.options.map((kind) => [
          say(`documentName.${kind}`),
          reasonOf(documents[kind]),
        ])}
      />
      <Panel
        title={say('technician.ways')}
        rows={waySchema.options.map((way) => [say(`wayIn.${way}`), reasonOf(ways[way])])}
      />
      <Panel
        title={say('technician.registry')}
        rows={[
          [say('attempt.state'), <RegistryState key="state" answering={registry.answering} />],
          [
            say('technician.owed'),
            registry.owed === 0
              ? say('technician.owedNone')
              : say('technician.owedValue', { count: registry.owed }),
          ],
        ]}
      />
      <Panel
        title={say('technician.record')}
        rows={[
          [say('technician.rows'), figure(language, journal.rows)],
          [
            say('technician.anchored'),
            journal.anchoredThrough === null
              ? say('technician.anchoredNone')
              : say('technician.anchoredThrough', {
                  row: figure(language, journal.anchoredThrough),
                }),
          ],
          [
            say('technician.head'),
            journal.head === null ? (
              say('technician.nothingYet')
            ) : (
              <span key="head" className="con-code">
                {journal.head.slice(0, 16)}…
              </span>
            ),
          ],
        ]}
      />
      <Panel
        title={say('console.terminal', { terminalId: status.terminalId })}
        rows={[
          [say('technician.place'), status.place],
          [
            say('technician.mode'),
            say(status.mode === 'live' ? 'technician.live' : 'technician.specimen'),
          ],
          [say('technician.version'), status.version],
          [say('technician.runningSince'), shortDayAndTime(language, status.startedAt)],
        ]}
      />
    </aside>
  );
}

function RegistryState({ answering }: { readonly answering: boolean | null }) {
  const { say } = useConsole();
  if (answering === null) return say('technician.registryUnknown');
  return (
    <Availability isThere={answering}>
      {answering ? say('technician.registryAnswers') : say('technician.registrySilent')}
    </Availability>
  );
}

function Panel({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [term: string, value: ReactNode])[];
}) {
  return (
    <section className="con-panel">
      <h2>{title}</h2>
      <dl className="con-side__facts">
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd className="anj-figures">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
