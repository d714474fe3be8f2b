-- A card that lies in the reject bin and is fit to be handed out waits for people too.
DROP INDEX attempts_for_people;
CREATE INDEX attempts_for_people ON attempts (opened_seq)
  WHERE state IN ('unresolved', 'needsReview', 'heldBack', 'resolvedUnknown');
