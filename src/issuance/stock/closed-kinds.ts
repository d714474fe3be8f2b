import * as z from 'zod';
import { blankKindSchema, type BlankKind } from '../../domain/document.ts';
import type { SqlReader } from '../../store/sql.ts';
import { lastCount } from './counting.ts';
import { openIncidents } from './incidents.ts';

/** `strangeBlank`: people have to look at one. `countNeeded`: the ledger of a feeder is not known to be true. */
export type WhyClosed = 'strangeBlank' | 'countNeeded';

const loadedRow = z.strictObject({ feeder: z.string(), kind: blankKindSchema });
const seqRow = z.strictObject({ seq: z.number().int().nullable() });

/** Kinds of blank that nothing is printed on until people have looked, each with the first reason. */
export function closedKinds(sql: SqlReader): ReadonlyMap<BlankKind, WhyClosed> {
  const open = openIncidents(sql).map(({ incident }) => incident);
  const miscounted = new Set(
    open.flatMap((incident) => {
      if (incident.what === 'doubleFed') return [incident.feeder];
      if (incident.what !== 'countDifference' || incident.place.in !== 'feeder') return [];
      return [incident.place.feeder];
    }),
  );
  const lossSeq = newestLoss(sql);
  const loaded = sql.all(
    loadedRow,
    "SELECT DISTINCT feeder, kind FROM blanks WHERE state = 'inFeeder'",
  );
  const toCount = loaded.filter(
    ({ feeder }) =>
      miscounted.has(feeder) ||
      // Blanks may have left it in rows that are lost. A count that differs is open until people corrected it.
      (lossSeq !== null && lastCount(sql, { in: 'feeder', feeder }, lossSeq) === null),
  );
  const strange = open.flatMap((incident) =>
    incident.what === 'strangerFed' ? [incident.blankKind] : [],
  );
  return new Map<BlankKind, WhyClosed>([
    ...toCount.map(({ kind }) => [kind, 'countNeeded'] as const),
    ...strange.map((kind) => [kind, 'strangeBlank'] as const),
  ]);
}

/** The row in which a person last took note that rows are lost; null: none ever were. */
const newestLoss = (sql: SqlReader): number | null =>
  sql.get(seqRow, "SELECT max(seq) AS seq FROM rows WHERE asked_kind = 'journal.lossAccepted'")
    ?.seq ?? null;
