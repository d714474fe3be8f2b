import path from 'node:path';
import { systemClock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import { configErrorLines, loadConfig } from '../core/config/load.ts';
import type { Config } from '../core/config/schema.ts';
import { blankKindSchema } from '../domain/document.ts';
import { balanceOf } from '../issuance/stock/balance.ts';
import { dayBalance } from '../issuance/stock/day-balance.ts';
import { forecast, FORECAST_DAYS } from '../issuance/stock/forecast.ts';
import { listIncidents, openIncidents } from '../issuance/stock/incidents.ts';
import { servedWhenScarce } from '../issuance/stock/scarcity.ts';
import { blankStateSchema } from '../journal/events/stock.ts';
import type { Database } from '../store/database.ts';
import { openReadOnly } from '../store/open-database.ts';
import { dayRange } from './day-range.ts';
import { incidentEndLine, incidentLine } from './incident-lines.ts';
import { BAD_NEWS, GOOD, NO_ANSWER, table, type Report } from './output.ts';

export interface StockFiles {
  readonly dataFolder: string;
  readonly configFile: string;
}

/** Lets `work` read the record, whether core runs or not. */
export async function readingStock(
  { dataFolder, configFile }: StockFiles,
  work: (sql: Database, config: Config) => Report | Promise<Report>,
): Promise<Report> {
  const opened = openBoth(dataFolder, configFile);
  if (!opened.ok) return opened.error;
  const { sql, config } = opened.value;
  // One view of a record that a running core goes on writing.
  sql.exec('BEGIN');
  try {
    return await work(sql, config);
  } finally {
    sql.close();
  }
}

function openBoth(
  dataFolder: string,
  configFile: string,
): Result<{ readonly sql: Database; readonly config: Config }, Report> {
  const loaded = loadConfig(configFile);
  if (!loaded.ok) {
    const { error } = loaded;
    return err({ json: { error }, lines: configErrorLines(error), exitStatus: NO_ANSWER });
  }
  const sql = openReadOnly(path.join(dataFolder, 'journal.db'));
  if (!sql.ok) {
    const { error } = sql;
    const lines = [`The journal cannot be opened: ${error.kind}.`];
    return err({ json: { error }, lines, exitStatus: NO_ANSWER });
  }
  return ok({ sql: sql.value, config: loaded.value.config });
}

/** `anjungan stock balance`: where every blank is, kind by kind; bad news where it does not add up. */
export const stockBalance = (files: StockFiles): Promise<Report> =>
  readingStock(files, (sql) => {
    const kinds = blankKindSchema.options.map((kind) => [kind, balanceOf(sql, kind)] as const);
    const all = balanceOf(sql);
    const open = openIncidents(sql).length;
    const columns = [...kinds, ['all', all] as const];
    const row = (name: string, of: (balance: typeof all) => number): string[] => [
      name,
      ...columns.map(([, balance]) => String(of(balance))),
    ];
    const lines = table([
      ['', ...columns.map(([name]) => name)],
      row('loaded', ({ loaded }) => loaded),
      row('corrected', ({ corrected }) => corrected),
      ...blankStateSchema.options.map((state) => row(`  ${state}`, ({ counts }) => counts[state])),
      row('difference', ({ difference }) => difference),
    ]);
    return {
      json: { all, kinds: Object.fromEntries(kinds), openIncidents: open },
      lines: [
        ...lines,
        `cards that are no blanks of the ledger: ${all.foreign}; old cards captured: ${all.oldCards}`,
        `open incidents: ${open}`,
      ],
      exitStatus: all.difference === 0 && open === 0 ? GOOD : BAD_NEWS,
    };
  });

/** `anjungan stock forecast`: for how many more open days the blanks last, and who is served meanwhile. */
export const stockForecast = (files: StockFiles, at = systemClock.now()): Promise<Report> =>
  readingStock(files, (sql, config) => {
    const scarce = servedWhenScarce(config.stock.scarce, {
      remaining: (kind) => balanceOf(sql, kind).counts.inFeeder,
    });
    const { timeZone } = config.terminal;
    const kinds = blankKindSchema.options.map((kind) => ({
      kind,
      forecast: forecast(sql, { kind, now: at, timeZone }),
      onlyFor: scarce[kind] ?? null,
    }));
    const lines = kinds.map(({ kind, forecast: told, onlyFor }) => {
      const use = `${told.remaining} left, ${told.used} used on ${told.openDays} open days of the last ${FORECAST_DAYS}`;
      const days =
        told.kind === 'known'
          ? `${told.openDaysLeft} open days left`
          : `days left unknown: ${told.why}`;
      const few = onlyFor === null ? '' : `; few, only served: ${onlyFor.join(' ')}`;
      return `${kind}: ${days} (${use})${few}`;
    });
    return { json: { kinds }, lines, exitStatus: GOOD };
  });

/** `anjungan stock day`: the balance of a day such as `2026-01-05`, of the terminal's zone; null: today. */
export const stockDay = (files: StockFiles, day: string | null): Promise<Report> =>
  readingStock(files, (sql, config) => {
    const { timeZone } = config.terminal;
    const range = day === null ? null : dayRange(day, day, timeZone);
    if (range?.ok === false) {
      const lines = ['The day is such as 2026-01-05.'];
      return { json: { error: { kind: range.error } }, lines, exitStatus: NO_ANSWER };
    }
    const at = range === null ? systemClock.now() : range.value.fromMs;
    const days = blankKindSchema.options.map((kind) => dayBalance(sql, { kind, at, timeZone }));
    const fates = ['issued', 'void', 'retracted', 'test', 'returned', 'unresolved'] as const;
    const lines = table([
      ['kind', 'opening', 'loaded', 'corrected', ...fates, 'closing', 'difference'],
      ...days.map((day) => [
        day.kind,
        ...[day.opening, day.loaded, day.corrected].map(String),
        ...fates.map((fate) => String(day.fates[fate])),
        ...[day.closing, day.difference].map(String),
      ]),
    ]);
    const wrong = days.some(({ difference }) => difference !== 0);
    return { json: { days }, lines, exitStatus: wrong ? BAD_NEWS : GOOD };
  });

/** `anjungan stock incidents`: the newest hundred; bad news while one is open. */
export const stockIncidents = (files: StockFiles): Promise<Report> =>
  readingStock(files, (sql) => {
    const incidents = listIncidents(sql, { limit: 100 });
    const lines = incidents.flatMap(({ incidentId, incident, foundAt, closed }) => {
      const state = closed === null ? 'OPEN' : `closed: ${closed.finding}`;
      const end = closed === null ? [`  ${incidentEndLine(incidentId, incident)}`] : [];
      return [
        `${incidentId}  ${new Date(foundAt).toISOString()}  ${state}`,
        `  ${incidentLine(incident)}`,
        ...end,
      ];
    });
    const open = incidents.some(({ closed }) => closed === null);
    return {
      json: { incidents },
      lines: lines.length === 0 ? ['Nothing was ever found to differ.'] : lines,
      exitStatus: open ? BAD_NEWS : GOOD,
    };
  });
