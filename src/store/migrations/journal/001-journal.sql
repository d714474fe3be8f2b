-- The chain. Columns derived from the body are computed, so that they cannot disagree with what is hashed.
CREATE TABLE rows (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  body TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  at_ms INTEGER AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.at') END) VIRTUAL,
  kind TEXT AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.event.kind') END) VIRTUAL,
  attempt_id TEXT AS (
    CASE WHEN json_valid(body) THEN json_extract(body, '$.event.attemptId') END
  ) VIRTUAL
) STRICT;
CREATE INDEX rows_by_attempt ON rows (attempt_id) WHERE attempt_id IS NOT NULL;

-- Signed heads: `size` rows end in `head`.
CREATE TABLE checkpoints (
  size INTEGER PRIMARY KEY CHECK (size > 0),
  head BLOB NOT NULL CHECK (length(head) = 32),
  at_ms INTEGER NOT NULL,
  terminal_id TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  signature BLOB NOT NULL
) STRICT;

-- What the registry is owed, and what it was owed.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  lane TEXT NOT NULL,
  idempotency_key TEXT NOT NULL UNIQUE,
  message_json TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'conflict')) DEFAULT 'waiting',
  tries INTEGER NOT NULL DEFAULT 0,
  enqueued_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state = 'waiting';

-- The newest state of each attempt, as the events say.
CREATE TABLE attempts (
  attempt_id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  document_kind TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  evidence TEXT,
  fault_code TEXT,
  blank_serial TEXT,
  opened_seq INTEGER NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  updated_seq INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  detail_json TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX attempts_by_age ON attempts (opened_seq);
CREATE INDEX attempts_unsettled ON attempts (opened_seq) WHERE outcome IS NULL;

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

CREATE TABLE old_cards (
  attempt_id TEXT PRIMARY KEY,
  request_id TEXT NOT NULL,
  captured_seq INTEGER NOT NULL,
  captured_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Personal fields, readable only with a key kept in another database.
CREATE TABLE vault (
  case_id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  sealed_at_ms INTEGER NOT NULL,
  nonce BLOB NOT NULL CHECK (length(nonce) = 12),
  ciphertext BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX vault_by_age ON vault (sealed_at_ms);

CREATE TABLE people (
  person_id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  roles_json TEXT NOT NULL,
  password_salt BLOB NOT NULL,
  password_hash BLOB NOT NULL,
  password_params_json TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_ins (
  person_id TEXT PRIMARY KEY REFERENCES people (person_id),
  failures INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
