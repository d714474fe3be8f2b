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

-- How many blanks are used on a day that the terminal serves: read back over some weeks, not over all time.
CREATE INDEX rows_blank_moved_at ON rows (at_ms) WHERE kind = 'blank.moved';
CREATE INDEX rows_session_opened_at ON rows (at_ms) WHERE kind = 'session.opened';
CREATE INDEX old_cards_by_age ON old_cards (captured_seq);
