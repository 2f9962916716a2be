-- Rewritten to find out whether the disk takes changes again after it had refused one. As large as
-- a busy moment's commit: room for a single page would say yes too early.
CREATE TABLE commit_probe (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    filler BLOB    NOT NULL
) STRICT;

INSERT INTO commit_probe VALUES (1, zeroblob(65536));
