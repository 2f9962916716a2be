-- How often sums were corrected: whoever corrects them by what was read before must find it unchanged.
CREATE TABLE totals_revision (
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO totals_revision (revision) VALUES (0);
