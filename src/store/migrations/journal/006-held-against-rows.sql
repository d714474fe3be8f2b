-- The rows that a start holds tables against: what was captured, what was found and closed, and what every
-- attempt came to. The others of the chain are not read for it.
CREATE INDEX rows_old_card ON rows (seq) WHERE kind IN ('oldCard.captured', 'oldCard.keptForDesk');
CREATE INDEX rows_incident ON rows (seq)
  WHERE kind IN ('stock.incidentFound', 'stock.incidentClosed');
CREATE INDEX rows_outcome ON rows (seq) WHERE kind IN ('attempt.settled', 'attempt.resolved');
CREATE INDEX rows_disputed ON rows (seq) WHERE kind = 'registry.outcomeDisputed';
-- Attempts whose report the registry has not answered.
CREATE INDEX attempts_confirming ON attempts (opened_seq) WHERE state = 'confirming';
-- Whether a card of a request may be out, asked before each card, and what every card came to.
CREATE INDEX attempts_of_cards ON attempts (request_id, attempt_id, outcome)
  WHERE document_kind <> 'kk';
-- What people were told of an attempt already.
CREATE INDEX stock_incidents_by_attempt ON stock_incidents (attempt_id) WHERE attempt_id IS NOT NULL;
