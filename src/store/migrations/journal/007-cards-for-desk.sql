-- A card found in the reader at a start lies in the capture bin too: of no request, and maybe of no attempt.
ALTER TABLE old_cards RENAME TO old_cards_before;
DROP INDEX old_cards_by_age;
CREATE TABLE old_cards (
  captured_seq INTEGER PRIMARY KEY,
  attempt_id TEXT,
  request_id TEXT,
  captured_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO old_cards (captured_seq, attempt_id, request_id, captured_at_ms)
  SELECT captured_seq, attempt_id, request_id, captured_at_ms FROM old_cards_before;
DROP TABLE old_cards_before;
INSERT INTO old_cards (captured_seq, attempt_id, request_id, captured_at_ms)
  SELECT seq, json_extract(body, '$.event.attemptId'), NULL, at_ms FROM rows
  WHERE kind = 'oldCard.keptForDesk' AND json_extract(body, '$.event.captured');
