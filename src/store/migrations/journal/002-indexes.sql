-- What core asks while it serves must not take longer as the journal grows.
CREATE INDEX rows_by_kind ON rows (kind);
CREATE INDEX attempts_spoiled ON attempts (request_id) WHERE outcome = 'spoiled';
CREATE INDEX attempts_unresolved ON attempts (opened_seq) WHERE state = 'unresolved';
CREATE INDEX blanks_by_state ON blanks (state, kind);
