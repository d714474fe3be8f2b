CREATE TABLE outcome_corrections (
  decision_id TEXT PRIMARY KEY,
  attempt_id TEXT NOT NULL REFERENCES reservations (attempt_id),
  correction_json TEXT NOT NULL,
  receipt_id TEXT NOT NULL,
  request_state TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
