-- The few rows that say which accounts there are: the table of people is held against them.
CREATE INDEX rows_person_created ON rows (seq) WHERE kind = 'staff.personCreated';
CREATE INDEX rows_person_disabled ON rows (seq) WHERE kind = 'staff.personDisabled';
