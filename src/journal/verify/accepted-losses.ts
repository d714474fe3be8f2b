import * as z from 'zod';
import type { SqlReader } from '../../store/sql.ts';
import { readRowBody } from '../chain/row-body.ts';
import type { AcceptedLoss } from './report.ts';

const seqAndBody = z.strictObject({ seq: z.number().int(), body: z.instanceof(Uint8Array) });

/** What people took note of, in order. */
export function acceptedLosses(sql: SqlReader): AcceptedLoss[] {
  const query = `SELECT seq, CAST(body AS BLOB) AS body FROM rows
    WHERE asked_kind = 'journal.lossAccepted' ORDER BY seq`;
  return sql.all(seqAndBody, query).flatMap(({ seq, body }) => {
    const event = readRowBody(seq, body)?.event;
    if (event?.kind !== 'journal.lossAccepted') return [];
    const { lostAfter, lostThrough, head, heads = [head] } = event;
    return [{ seq, lostAfter, lostThrough, heads }];
  });
}

/** The heads of lost rows, each with the first row in which a person took note of it. */
export const headsOfLosses = (losses: readonly AcceptedLoss[]): ReadonlyMap<string, number> =>
  new Map(losses.toReversed().flatMap(({ seq, heads }) => heads.map((head) => [head, seq])));
