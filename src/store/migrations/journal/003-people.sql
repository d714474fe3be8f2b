-- `password_is_own`: who chose the password, whoever holds the account, or whoever made it and so knows it.
CREATE TABLE people (
  person_id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  roles_json TEXT NOT NULL,
  password_salt BLOB NOT NULL,
  password_hash BLOB NOT NULL,
  password_params_json TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at_ms INTEGER NOT NULL,
  password_is_own INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_ins (
  person_id TEXT PRIMARY KEY REFERENCES people (person_id),
  failures INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who stood behind an act on the record and why, in their own words; the event of the row holds the hash.
CREATE TABLE staff_notes (
  seq INTEGER PRIMARY KEY REFERENCES rows (seq),
  name TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
