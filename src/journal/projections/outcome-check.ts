import type { Database } from '../../store/database.ts';
import { attemptIsAsTold, type StateMismatch } from './state-check.ts';

/** What became of a card, and of which request, as the table of attempts has it. */
type CardOutcome = readonly [attemptId: string, requestId: string, outcome: string | null];

// Four members and no whole bodies, as of the moves of blanks, beside which these rows lie.
const TOLD = `SELECT json_extract(body, '$.event.attemptId'), json_extract(body, '$.event.requestId'),
    json_extract(body, '$.event.outcome')
  FROM rows INDEXED BY rows_outcome
  WHERE kind IN ('attempt.settled', 'attempt.resolved') AND json_valid(body)
    AND json_extract(body, '$.event.documentKind') <> 'kk' ORDER BY seq`;
const STORED = `SELECT attempt_id, request_id, outcome FROM attempts INDEXED BY attempts_of_cards
  WHERE document_kind <> 'kk'`;

/**
 * Says where the table of attempts first has another outcome or request of a card than the events, however
 * old it is: by it no second original is printed. Where nobody knows the outcome, the state as well, which
 * says whether people have decided.
 */
export function checkCardOutcomes(database: Database): StateMismatch | null {
  const told = new Map<string, CardOutcome>();
  for (const row of database.iterateRaw(TOLD) as unknown as Iterable<CardOutcome>) {
    told.set(row[0], row);
  }
  const uncertain: string[] = [];
  for (const row of database.iterateRaw(STORED) as unknown as Iterable<CardOutcome>) {
    const [attemptId, requestId, outcome] = row;
    const wanted = told.get(attemptId);
    // Until it is settled, no event but its first says the request: it is checked with the recent ones.
    const isSame =
      wanted === undefined ? outcome === null : wanted[1] === requestId && wanted[2] === outcome;
    if (!isSame) return { table: 'attempts', key: attemptId };
    told.delete(attemptId);
    if (outcome === 'uncertain') uncertain.push(attemptId);
  }
  const [missing] = told.keys();
  const wrong = missing ?? uncertain.find((attemptId) => !attemptIsAsTold(database, attemptId));
  return wrong === undefined ? null : { table: 'attempts', key: wrong };
}
