import * as z from 'zod';
import type { BlankKind } from '../../domain/document.ts';
import { blankStateSchema, type BlankState } from '../../journal/events/stock.ts';
import type { SqlReader } from '../../store/sql.ts';
import { DAY_MS, startOfDay } from './local-days.ts';

const stock = ['inFeeder', 'inTransport'] as const satisfies readonly BlankState[];
type Fate = Exclude<BlankState, (typeof stock)[number]>;

/**
 * The stock of one kind over one local day. `opening` and `closing` count what lies in feeders and
 * transport; each fate counts the blanks that came to it that day, less those that left it again:
 * `opening + loaded + corrected - fates = closing + difference`.
 */
export interface DayBalance {
  readonly kind: BlankKind;
  /** Milliseconds since the Unix epoch, where the day begins. */
  readonly dayStart: number;
  readonly opening: number;
  readonly loaded: number;
  /** Blanks that no load brought, entered after a count. */
  readonly corrected: number;
  readonly fates: Readonly<Record<Fate, number>>;
  readonly closing: number;
  /** Between what the events of all days say and what the ledger has now: 0, or an incident. */
  readonly difference: number;
}

const flowRow = z.strictObject({
  kind: z.enum(['blank.loaded', 'blank.unloaded', 'blank.moved', 'blank.foundAtCount']),
  part: z.enum(['before', 'within', 'after']),
  from_state: blankStateSchema.nullable(),
  to_state: blankStateSchema.nullable(),
  n: z.number().int(),
});
type Flow = z.infer<typeof flowRow>;
const stateRow = z.strictObject({ state: blankStateSchema, n: z.number().int() });

/**
 * By the day that each row itself names, so that the days add up whatever the clock did between them. It
 * reads every event of blanks: for a connection of its own, not for the loop that serves.
 */
export function dayBalance(
  sql: SqlReader,
  ask: { readonly kind: BlankKind; readonly at: number; readonly timeZone: string },
): DayBalance {
  const { kind } = ask;
  const dayStart = startOfDay(ask.timeZone, ask.at);
  const flows = sql.all(
    flowRow,
    `SELECT kind,
       CASE WHEN at_ms < ? THEN 'before' WHEN at_ms < ? THEN 'within' ELSE 'after' END AS part,
       json_extract(body, '$.event.from') AS from_state,
       json_extract(body, '$.event.to') AS to_state,
       sum(coalesce(json_extract(body, '$.event.count'), 1)) AS n
     FROM rows
     WHERE (kind = 'blank.moved'
         OR asked_kind IN ('blank.loaded', 'blank.unloaded', 'blank.foundAtCount')) AND ? =
       coalesce(json_extract(body, '$.event.blankKind'), json_extract(body, '$.event.blank.kind'))
     GROUP BY 1, 2, 3, 4`,
    dayStart,
    dayStart + DAY_MS,
    kind,
  );
  const within = flows.filter(({ part }) => part === 'within');
  const opening = gained(
    flows.filter(({ part }) => part === 'before'),
    stock,
  );
  const fate = (state: Fate): number => gained(within, [state]);
  const fates = {
    issued: fate('issued'),
    void: fate('void'),
    retracted: fate('retracted'),
    test: fate('test'),
    returned: fate('returned'),
    unresolved: fate('unresolved'),
  };
  const came = (event: Flow['kind']): number =>
    within.reduce((sum, flow) => (flow.kind === event ? sum + flow.n : sum), 0);
  const loaded = came('blank.loaded');
  const corrected = came('blank.foundAtCount');
  const after = gained(
    flows.filter(({ part }) => part === 'after'),
    stock,
  );
  // Backwards from the ledger as it is now, so that the two ways meet only where nothing was lost.
  const closing = nowIn(sql, kind) - after;
  const left = Object.values(fates).reduce((sum, n) => sum + n, 0);
  const difference = opening + loaded + corrected - left - closing;
  return { kind, dayStart, opening, loaded, corrected, fates, closing, difference };
}

function nowIn(sql: SqlReader, kind: BlankKind): number {
  const query =
    'SELECT state, count(*) AS n FROM blanks WHERE kind = ? AND state IN (?, ?) GROUP BY state';
  return sql.all(stateRow, query, kind, ...stock).reduce((sum, { n }) => sum + n, 0);
}

/** By how much these states grew through these flows. */
function gained(flows: readonly Flow[], states: readonly BlankState[]): number {
  return flows.reduce((sum, flow) => {
    const { from, to } = endsOf(flow);
    const came = to !== null && states.includes(to) ? flow.n : 0;
    const went = from !== null && states.includes(from) ? flow.n : 0;
    return sum + came - went;
  }, 0);
}

function endsOf({ kind, from_state, to_state }: Flow): {
  readonly from: BlankState | null;
  readonly to: BlankState | null;
} {
  switch (kind) {
    case 'blank.loaded':
      return { from: null, to: 'inFeeder' };
    case 'blank.unloaded':
      return { from: from_state ?? 'inFeeder', to: 'returned' };
    case 'blank.foundAtCount':
      return { from: null, to: 'unresolved' };
    case 'blank.moved':
      return { from: from_state, to: to_state };
  }
}
