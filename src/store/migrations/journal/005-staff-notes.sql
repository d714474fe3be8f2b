-- Who stood behind an act on the record and why, in their own words; the event of the row holds the hash.
CREATE TABLE staff_notes (
  seq INTEGER PRIMARY KEY REFERENCES rows (seq),
  name TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX vault_by_request ON vault (request_id);
CREATE INDEX attempts_by_session ON attempts (session_id);
