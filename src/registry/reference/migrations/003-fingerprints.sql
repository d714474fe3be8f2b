CREATE TABLE fingerprints (
  person_id TEXT NOT NULL REFERENCES people (person_id),
  finger TEXT NOT NULL,
  format TEXT NOT NULL,
  template BLOB NOT NULL,
  PRIMARY KEY (person_id, finger)
) STRICT, WITHOUT ROWID;
