-- What people have to decide, or may still: stays as short as their work.
DROP INDEX attempts_unresolved;
CREATE INDEX attempts_for_people ON attempts (opened_seq)
  WHERE state IN ('unresolved', 'needsReview', 'resolvedUnknown');
