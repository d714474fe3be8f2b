import { lookUpVisitors, type Visit } from '../journal/visitors.ts';
import { csv } from './csv.ts';
import { dayRange, momentIn, type DayZone } from './day-range.ts';
import { openAsOwner, type OwnerAsk } from './journal-owner.ts';
import { GOOD, NO_ANSWER, table, type Report } from './output.ts';

const HEADINGS = [
  'at',
  'terminal',
  'request',
  'document',
  'outcome',
  'claimant',
  'NIK',
  'subject',
  'authority',
  'personal fields',
  'session',
  'case',
] as const;

/**
 * `anjungan journal visitors`: who was at this terminal from `from` to `to`, while core is down. The look
 * is on record with name and reason before anything is shown.
 */
export async function journalVisitors(
  ask: OwnerAsk & { readonly from: string; readonly to: string; readonly asCsv: boolean },
): Promise<Report> {
  const opened = openAsOwner(ask);
  if (!opened.ok) return opened.error;
  const { config, journal, vault, by, close } = opened.value;
  const { id, timeZone } = config.terminal;
  const range = dayRange(ask.from, ask.to, timeZone);
  if (!range.ok) {
    await close();
    const line =
      range.error === 'notATime'
        ? '--from and --to take a day such as 2026-01-05, or a moment such as 2026-01-05T08:00:00+07:00.'
        : '--to lies before --from.';
    return { json: { error: { kind: range.error } }, lines: [line], exitStatus: NO_ANSWER };
  }
  const visits = await lookUpVisitors({ journal, vault }, { ...range.value, by });
  await close();
  const rows = [HEADINGS, ...visits.map((visit) => cells(visit, id, timeZone))];
  return {
    json: { terminalId: id, ...range.value, visits },
    lines: ask.asCsv ? [csv(rows).trimEnd()] : table(rows.map((row) => row.map((c) => c ?? '-'))),
    exitStatus: GOOD,
  };
}

function cells(visit: Visit, terminalId: string, zone: DayZone): (string | null)[] {
  return [
    momentIn(visit.at, zone),
    terminalId,
    visit.requestId,
    visit.documentKind,
    visit.outcome,
    visit.claimantName,
    visit.maskedNik,
    visit.subjectName,
    visit.authority,
    fieldsCell(visit, zone),
    visit.sessionId,
    visit.caseId,
  ];
}

function fieldsCell({ fields, erasedAt }: Visit, zone: DayZone): string {
  if (fields === 'notKept') return 'none kept; the registry knows by the session';
  if (fields !== 'erased') return fields;
  const at = erasedAt === null ? '' : ` at ${momentIn(erasedAt, zone)}`;
  return `erased${at}; the registry knows by the request`;
}
