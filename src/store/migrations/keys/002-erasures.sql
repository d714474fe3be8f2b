-- Erasures whose key is destroyed already and whose event is still to be recorded: a crash between the
-- two databases must not look like a lost key.
CREATE TABLE erasures (
  case_id TEXT PRIMARY KEY,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
