import * as z from 'zod';
import type { SqlReader } from '../store/sql.ts';

const row = z.strictObject({ proposal_id: z.string() });

/** Proposals of which the record tells no end. */
export const openProposals = (sql: SqlReader): readonly string[] =>
  sql
    .all(
      row,
      `SELECT json_extract(body, '$.event.proposalId') AS proposal_id FROM rows
       WHERE asked_kind = 'staff.actProposed'
       EXCEPT SELECT json_extract(body, '$.event.proposalId') FROM rows
       WHERE asked_kind IN ('staff.actApproved', 'staff.proposalEnded')`,
    )
    .map(({ proposal_id }) => proposal_id);
