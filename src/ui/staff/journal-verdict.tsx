import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { assertNever } from '../../base/assert.ts';
import type { Language } from '../../rpc/citizen-view.ts';
import type { Verdict } from '../../rpc/console.ts';
import type { ConsoleTrouble } from '../console/console-client.ts';
import { useConsole } from '../console/console-context.ts';
import { FactGrid, type GridFact } from '../console/fact-grid.tsx';
import { breakWords, type ConsoleSay } from '../console/say.ts';
import { TroubleAlert } from '../console/states.tsx';
import { clockTime, figure, shortDayAndTime } from '../console/times.ts';
import { Alert, type Status } from '../kit/alert.tsx';
import { Button } from '../kit/button.tsx';

/** Whether the record holds, asked when a person wants to know. */
export function JournalVerdict() {
  const { client, say } = useConsole();
  const [isWorking, setIsWorking] = useState(false);
  const [given, setGiven] = useState<{ readonly verdict: Verdict; readonly at: number } | null>(
    null,
  );
  const [trouble, setTrouble] = useState<ConsoleTrouble | null>(null);
  const ask = async (): Promise<void> => {
    setIsWorking(true);
    const answer = await client.verdict();
    setIsWorking(false);
    setGiven(answer.ok ? { verdict: answer.value, at: Date.now() } : null);
    setTrouble(answer.ok ? null : answer.error);
  };
  return (
    <section className="con-panel con-verdict">
      <div className="con-verdict__ask">
        <Button
          hierarchy="primary"
          icon={<IconShieldCheck aria-hidden />}
          isDisabled={isWorking}
          onPress={() => void ask()}
        >
          {isWorking ? say('verdict.working') : say('verdict.ask')}
        </Button>
        <p className="con-quiet">{say('verdict.explain')}</p>
      </div>
      <div role="status">{given !== null && <GivenVerdict {...given} />}</div>
      {trouble !== null && (
        <div className="con-verdict__given">
          <TroubleAlert trouble={trouble} />
        </div>
      )}
    </section>
  );
}

function GivenVerdict({ verdict, at }: { readonly verdict: Verdict; readonly at: number }) {
  const { say, language } = useConsole();
  const { rows, checkpoints, signedThrough, anchoredThrough, keptHeads } = verdict;
  const { status, title, body } = wordsOf(say, verdict);
  const nothing = say(keptHeads === null ? 'verdict.nobody' : 'verdict.noneFits');
  const tail = anchoredThrough === null ? 0 : rows - anchoredThrough;
  return (
    <div className="con-verdict__given">
      <Alert status={status} title={title}>
        <p>{body}</p>
        {verdict.lost.map((lost) => (
          <p key={lost.notedIn}>{lostWords(say, language, lost)}</p>
        ))}
        {verdict.verdict === 'valid' && tail > 0 && <p>{say('verdict.tail', { count: tail })}</p>}
      </Alert>
      <FactGrid
        facts={[
          { term: say('verdict.rows'), value: figure(language, rows) },
          { term: say('verdict.checkpoints'), value: figure(language, checkpoints) },
          { term: say('verdict.signedThrough'), value: figure(language, signedThrough) },
          {
            term: say('verdict.anchoredThrough'),
            value: anchoredThrough === null ? nothing : figure(language, anchoredThrough),
          },
          ...(keptHeads === null ? [] : keptFacts(say, language, keptHeads)),
          { term: say('verdict.checkedAt'), value: clockTime(language, at) },
        ]}
      />
    </div>
  );
}

function keptFacts(
  say: ConsoleSay,
  language: Language,
  { count, since, newest }: NonNullable<Verdict['keptHeads']>,
): readonly GridFact[] {
  const row = figure(language, newest.size);
  const time = shortDayAndTime(language, newest.at);
  return [
    { term: say('verdict.keptSince'), value: shortDayAndTime(language, since) },
    { term: say('verdict.keptHeads'), value: figure(language, count) },
    {
      term: say('verdict.newestHead'),
      value: (
        <>
          <span className="con-code">{newest.head.slice(0, 16)}…</span>
          <div className="con-quiet">{say('verdict.headOf', { row, time })}</div>
        </>
      ),
    },
  ];
}

function lostWords(
  say: ConsoleSay,
  language: Language,
  { from, through, notedIn }: Verdict['lost'][number],
): string {
  return say('verdict.lost', {
    from: figure(language, from),
    through: figure(language, through),
    row: figure(language, notedIn),
  });
}

function wordsOf(
  say: ConsoleSay,
  { verdict, unanchoredBecause, brokenAt, reason }: Verdict,
): { readonly status: Status; readonly title: string; readonly body: string } {
  switch (verdict) {
    case 'valid':
      return { status: 'success', title: say('verdict.valid'), body: say('verdict.validBody') };
    case 'unanchored': {
      const because = unanchoredBecause ?? 'nothingKept';
      const why = say(`verdict.because.${because}`);
      return {
        status: 'info',
        title: say('verdict.unanchored'),
        body: say('verdict.unanchoredBody', { why }),
      };
    }
    case 'incomplete':
      return {
        status: 'caution',
        title: say('verdict.incomplete'),
        body:
          unanchoredBecause === null
            ? say('verdict.incompleteBody')
            : say('verdict.unanchoredBody', { why: say(`verdict.because.${unanchoredBecause}`) }),
      };
    case 'broken':
      return {
        status: 'critical',
        title: say('verdict.broken', { row: brokenAt ?? 0 }),
        body: say('verdict.brokenBody', { reason: breakWords(say, reason ?? '') }),
      };
    default:
      return assertNever(verdict);
  }
}
