CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE families (
  kk_number TEXT PRIMARY KEY,
  json TEXT NOT NULL
) STRICT;

CREATE TABLE people (
  person_id TEXT PRIMARY KEY,
  nik TEXT NOT NULL UNIQUE,
  kk_number TEXT NOT NULL REFERENCES families (kk_number),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  json TEXT NOT NULL,
  pin_salt BLOB,
  pin_hash BLOB
) STRICT;
CREATE INDEX people_by_family ON people (kk_number, position);

CREATE TABLE requests (
  request_id TEXT PRIMARY KEY,
  subject_id TEXT NOT NULL REFERENCES people (person_id),
  applicant_id TEXT NOT NULL REFERENCES people (person_id),
  document_kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  old_card TEXT NOT NULL,
  blank_kind TEXT,
  state TEXT NOT NULL,
  issuing_office TEXT NOT NULL,
  code_mac TEXT UNIQUE,
  print_code_mac TEXT,
  codes_expire_at INTEGER,
  codes_burnt_at INTEGER,
  verify_token TEXT UNIQUE,
  spoiled_count INTEGER NOT NULL DEFAULT 0,
  copy_count INTEGER NOT NULL DEFAULT 0,
  content_json TEXT,
  photo BLOB,
  signed_pdf BLOB,
  pages INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX requests_by_subject ON requests (subject_id);
CREATE INDEX requests_by_applicant ON requests (applicant_id);

CREATE TABLE request_events (
  event_id INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL REFERENCES requests (request_id),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  note TEXT
) STRICT;
CREATE INDEX request_events_by_request ON request_events (request_id);

CREATE TABLE messages (
  message_id INTEGER PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES people (person_id),
  request_id TEXT REFERENCES requests (request_id),
  at INTEGER NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
  address TEXT NOT NULL,
  text TEXT NOT NULL,
  pin TEXT,
  collection_code TEXT,
  print_code TEXT
) STRICT;
CREATE INDEX messages_by_person ON messages (person_id);

-- A try stands as failed from the moment it is counted; only a success changes it afterwards.
CREATE TABLE tries (
  try_id INTEGER PRIMARY KEY,
  subject_mac TEXT NOT NULL,
  session TEXT NOT NULL,
  at INTEGER NOT NULL,
  succeeded INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tries_by_subject ON tries (subject_mac, try_id);
CREATE INDEX tries_by_session ON tries (session);

-- A repeated call with the same wrong code is answered from here and not counted again.
CREATE TABLE wrong_print_codes (
  attempt_id TEXT NOT NULL,
  entered_mac TEXT NOT NULL,
  tries_left INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, entered_mac)
) STRICT;

CREATE TABLE claims (
  claim_mac TEXT PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES people (person_id),
  factor_pair TEXT NOT NULL,
  only_request_id TEXT,
  expires_at INTEGER NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE reservations (
  attempt_id TEXT PRIMARY KEY,
  request_id TEXT NOT NULL REFERENCES requests (request_id),
  terminal_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'onHold', 'ended')),
  lease_expires_at INTEGER NOT NULL,
  material_sent INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
-- The promise of exclusiveness is the database's, not the program's.
CREATE UNIQUE INDEX one_live_reservation ON reservations (request_id) WHERE state <> 'ended';

CREATE TABLE outcomes (
  attempt_id TEXT PRIMARY KEY,
  report_json TEXT NOT NULL,
  receipt_id TEXT NOT NULL,
  request_state TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;

CREATE TABLE outcome_conflicts (
  attempt_id TEXT NOT NULL,
  report_json TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, report_json)
) STRICT;

CREATE TABLE notes_from_terminals (
  note_id INTEGER PRIMARY KEY,
  terminal_id TEXT NOT NULL,
  call_key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('correction', 'feedback')),
  json TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (terminal_id, call_key)
) STRICT;

CREATE TABLE terminals (
  terminal_id TEXT PRIMARY KEY,
  last_seen_at INTEGER NOT NULL,
  in_service INTEGER NOT NULL
) STRICT;

CREATE TABLE blocked_cards (uid TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;

-- Kept as received and never replaced: two heads of one size are the proof of a rewritten journal.
CREATE TABLE journal_heads (
  terminal_id TEXT NOT NULL,
  size INTEGER NOT NULL,
  head TEXT NOT NULL,
  json TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, size, head)
) STRICT;
