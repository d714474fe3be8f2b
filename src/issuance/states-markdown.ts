import type { AttemptState } from '../domain/attempt.ts';
import type { Media } from '../domain/document.ts';
import type { StateRule } from './attempt-rule.ts';
import { attemptTables } from './attempt-table.ts';

const headings: Readonly<Record<Media, string>> = {
  controlledBlank: 'KTP-el and KIA, on controlled blanks',
  plainPaper: 'KK, on plain paper',
};

/** The page `STATES.md`: every state of both tables, and a diagram of each. */
export function attemptStatesMarkdown(): string {
  const media = ['controlledBlank', 'plainPaper'] as const;
  return [
    'The states of a print attempt. Generated from `attempt-table.ts`; do not edit.',
    '',
    'A full arrow is the way of a running session, a dotted one that of recovery after a restart, a thick',
    'one what people decide who looked for themselves: two for a card, one for paper.',
    'What a state records is on the disk before its act begins.',
    '',
    ...media.flatMap((of) => [`## ${headings[of]}`, '', ...diagram(of), '', ...table(of), '']),
  ].join('\n');
}

const entries = (media: Media): readonly (readonly [AttemptState, StateRule])[] =>
  Object.entries(attemptTables[media]) as [AttemptState, StateRule][];

function diagram(media: Media): string[] {
  const lines = entries(media).flatMap(([state, rule]) => [
    ...arrows(state, rule.next, '-->'),
    ...arrows(state, rule.recovered, '-.->'),
    ...arrows(state, rule.decided, '==>'),
  ]);
  return ['```mermaid', 'flowchart TD', ...lines.map((line) => `  ${line}`), '```'];
}

/** One arrow for each pair of states, with all the causes that lead along it. */
function arrows(
  from: AttemptState,
  ways: StateRule['next'] | StateRule['decided'],
  arrow: string,
): string[] {
  const causes = new Map<AttemptState, string[]>();
  for (const [cause, to] of Object.entries(ways))
    causes.set(to, [...(causes.get(to) ?? []), cause]);
  return [...causes].map(([to, names]) => `${from} ${arrow}|${names.join(', ')}| ${to}`);
}

function table(media: Media): string[] {
  const rows = entries(media).map(([state, rule]) => {
    const cells = [
      `\`${state}\``,
      rule.record,
      rule.act ?? '–',
      rule.moves ?? '–',
      rule.question ?? 'stays',
      rule.blank ?? '–',
      rule.settles ? `settles${rule.owes.length > 0 ? `; owes ${rule.owes.join(', ')}` : ''}` : '–',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| state | on record before it | act | moves | asked after a restart | blank | settlement |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ];
}
