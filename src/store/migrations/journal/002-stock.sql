-- Every blank ever loaded, with its one place or fate.
CREATE TABLE blanks (
  serial TEXT PRIMARY KEY,
  batch TEXT NOT NULL,
  kind TEXT NOT NULL,
  feeder TEXT NOT NULL,
  state TEXT NOT NULL,
  source TEXT NOT NULL,
  attempt_id TEXT,
  loaded_seq INTEGER NOT NULL,
  place_in_range INTEGER NOT NULL,
  updated_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blanks_next ON blanks (feeder, loaded_seq, place_in_range) WHERE state = 'inFeeder';
CREATE INDEX blanks_by_state ON blanks (state, kind);

-- Of no request, and maybe of no attempt, where a card was found in the reader at a start.
CREATE TABLE old_cards (
  captured_seq INTEGER PRIMARY KEY,
  attempt_id TEXT,
  request_id TEXT,
  captured_at_ms INTEGER NOT NULL
) STRICT;

-- What was found to differ from the ledger of blanks, open until two people closed it.
CREATE TABLE stock_incidents (
  incident_id TEXT PRIMARY KEY,
  what TEXT NOT NULL,
  incident_json TEXT NOT NULL,
  attempt_id TEXT,
  found_seq INTEGER NOT NULL,
  found_at_ms INTEGER NOT NULL,
  finding TEXT,
  closed_seq INTEGER,
  closed_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_incidents_by_age ON stock_incidents (found_seq);
CREATE INDEX stock_incidents_open ON stock_incidents (what, found_seq) WHERE closed_seq IS NULL;
