-- The format of bodies and hashes, "ANJ2": a journal of another one is refused and never read as this one.
PRAGMA application_id = 0x414e4a32;

-- The chain. Columns derived from the body are computed, so that they cannot disagree with what is hashed.
CREATE TABLE rows (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  body TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  at_ms INTEGER AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.at') END) VIRTUAL,
  kind TEXT AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.event.kind') END) VIRTUAL,
  attempt_id TEXT AS (
    CASE WHEN json_valid(body) THEN json_extract(body, '$.event.attemptId') END
  ) VIRTUAL,
  -- The kind of those that are looked for by it; an index over all kinds would be as long as the chain.
  asked_kind TEXT AS (
    CASE WHEN kind IN (
      'blank.loaded', 'blank.unloaded', 'blank.foundAtCount', 'stock.counted', 'stock.binEmptied',
      'staff.actProposed', 'staff.actApproved', 'staff.proposalEnded', 'registry.headAnchored',
      'journal.lossAccepted', 'case.erased', 'testCard.ordered', 'testCard.commanded',
      'testCard.settled'
    ) THEN kind END
  ) VIRTUAL,
  -- The attempt of a row that may come after it is settled. The others lie between opening and settlement.
  late_attempt_id TEXT AS (
    CASE kind
      WHEN 'attempt.stateEntered' THEN
        CASE WHEN json_extract(body, '$.event.to') IN (
          'confirmed', 'needsReview', 'resolvedVoid', 'resolvedDelivered', 'resolvedAsRecorded',
          'resolvedRetracted', 'resolvedNotFed', 'resolvedUnknown'
        ) THEN attempt_id END
      WHEN 'attempt.settled' THEN NULL
      WHEN 'recovery.attemptVisited' THEN NULL
      WHEN 'blank.fedOutOfOrder' THEN NULL
      WHEN 'oldCard.captured' THEN NULL
      ELSE attempt_id
    END
  ) VIRTUAL
) STRICT;
CREATE INDEX rows_asked ON rows (asked_kind) WHERE asked_kind IS NOT NULL;
CREATE INDEX rows_of_attempt_late ON rows (late_attempt_id) WHERE late_attempt_id IS NOT NULL;
-- How many blanks are used on a day that the terminal serves: read back over some weeks, not over all time.
CREATE INDEX rows_blank_moved_at ON rows (at_ms) WHERE kind = 'blank.moved';
CREATE INDEX rows_session_opened_at ON rows (at_ms) WHERE kind = 'session.opened';
CREATE INDEX rows_case_opened_at ON rows (at_ms) WHERE kind = 'case.opened';

-- Signed heads: `size` rows end in `head`.
CREATE TABLE checkpoints (
  size INTEGER PRIMARY KEY CHECK (size > 0),
  head BLOB NOT NULL CHECK (length(head) = 32),
  at_ms INTEGER NOT NULL,
  terminal_id TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  signature BLOB NOT NULL
) STRICT;

-- What the registry is owed, and the keys of what it was owed. Once delivered, a message is not kept: what
-- it said stands in the chain.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  lane TEXT,
  idempotency_key TEXT NOT NULL UNIQUE,
  message_json TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'conflict')) DEFAULT 'waiting',
  tries INTEGER NOT NULL DEFAULT 0,
  enqueued_at_ms INTEGER NOT NULL,
  CHECK (state = 'done' OR (lane IS NOT NULL AND message_json IS NOT NULL))
) STRICT;
CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state = 'waiting';

-- The newest state of each attempt, as the events say.
CREATE TABLE attempts (
  opened_seq INTEGER PRIMARY KEY,
  attempt_id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  document_kind TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  evidence TEXT,
  fault_code TEXT,
  blank_serial TEXT,
  opened_at_ms INTEGER NOT NULL,
  settled_seq INTEGER,
  updated_seq INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  detail_json TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX attempts_by_session ON attempts (session_id);
CREATE INDEX attempts_unsettled ON attempts (opened_seq) WHERE outcome IS NULL;
CREATE INDEX attempts_spoiled ON attempts (request_id) WHERE outcome = 'spoiled';
-- What people have to decide, or may still: stays as short as their work.
CREATE INDEX attempts_for_people ON attempts (opened_seq)
  WHERE state IN ('unresolved', 'needsReview', 'resolvedUnknown');

-- Personal fields, readable only with a key kept in another database.
CREATE TABLE vault (
  case_id TEXT NOT NULL UNIQUE,
  session_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  sealed_at_ms INTEGER NOT NULL,
  nonce BLOB NOT NULL CHECK (length(nonce) = 12),
  ciphertext BLOB NOT NULL
) STRICT;
CREATE INDEX vault_by_age ON vault (sealed_at_ms);
CREATE INDEX vault_by_request ON vault (request_id);
