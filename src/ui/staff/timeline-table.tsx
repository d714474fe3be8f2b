import { IconArrowRight } from '@tabler/icons-react';
import type { Timeline } from '../../rpc/console.ts';
import { useConsole } from '../console/console-context.ts';
import { eventWords } from '../console/say.ts';
import { figure, preciseTime, span } from '../console/times.ts';
import { rowWords, type RowWords } from './timeline-row.ts';
import '../console/table.css';

/** Every row of the journal that names the attempt, in order. */
export function TimelineTable({ rows }: { readonly rows: Timeline['rows'] }) {
  const { say } = useConsole();
  return (
    <div
      className="con-panel con-scroll"
      role="region"
      aria-label={say('attempt.timeline')}
      tabIndex={0}
    >
      <table className="con-table con-timeline">
        <caption className="anj-unseen">{say('attempt.timeline')}</caption>
        <thead>
          <tr>
            {(['row', 'time', 'event', 'device', 'answer', 'sensors', 'data'] as const).map(
              (column) => (
                <th key={column} scope="col">
                  {say(`attempt.${column}`)}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <TimelineRow key={row.seq} row={row} before={rows[index - 1] ?? null} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TimelineRow({
  row,
  before,
}: {
  readonly row: Timeline['rows'][number];
  readonly before: Timeline['rows'][number] | null;
}) {
  const { say, language } = useConsole();
  const words = rowWords(say, language, row);
  return (
    <tr>
      <td className="anj-figures">{figure(language, row.seq)}</td>
      <td className="anj-figures con-timeline__time">
        {preciseTime(language, row.at)}
        {before !== null && (
          <span className="con-quiet">
            {say('attempt.after', { time: span(language, row.at - before.at) })}
          </span>
        )}
      </td>
      <td>
        <span className={words.to === null ? undefined : 'con-quiet'}>
          {eventWords(say, row.kind)}
        </span>
        <Move words={words} />
        <Lines lines={words.notes} />
      </td>
      <td>
        {words.command !== null && <span>{words.command}</span>}
        {words.device !== null && <div className="con-code con-quiet">{words.device}</div>}
      </td>
      <td>
        {words.answer}
        {words.took !== null && <div className="con-quiet">{words.took}</div>}
      </td>
      <td>
        <Lines lines={words.sensors} />
      </td>
      <td>
        <details>
          <summary>
            <span className="anj-unseen">{say('attempt.showData', { row: row.seq })}</span>
            <span aria-hidden>{'{ }'}</span>
          </summary>
          <pre className="con-code">{JSON.stringify(row.data, null, 2)}</pre>
        </details>
      </td>
    </tr>
  );
}

function Move({ words: { from, to } }: { readonly words: RowWords }) {
  const { say } = useConsole();
  if (to === null) return null;
  return (
    <span className="con-move">
      {from !== null && (
        <>
          <span className="anj-unseen">{say('attempt.from')}</span>
          <span>{from}</span>
        </>
      )}
      <IconArrowRight aria-hidden />
      <span className="anj-unseen">{say('attempt.to')}</span>
      <strong>{to}</strong>
    </span>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul className="con-quiet">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
