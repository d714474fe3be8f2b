-- One key a case: without it what the vault holds of the case is noise.
CREATE TABLE case_keys (
  case_id TEXT PRIMARY KEY,
  key BLOB NOT NULL CHECK (length(key) = 32),
  made_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
