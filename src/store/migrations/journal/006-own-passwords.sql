-- Who chose the password of an account: whoever holds it, or whoever made it and so knows it too.
ALTER TABLE people ADD COLUMN password_is_own INTEGER NOT NULL DEFAULT 0;
