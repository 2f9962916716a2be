-- Payments whose personal data are to be erased, or were (docs/personal_data.md). That it was done is
-- told by actions, which are chained by hash; these rows say what is to be done next, and hold what
-- the law wants to be kept for some years.
CREATE TABLE erasures (
    transaction_id INTEGER PRIMARY KEY REFERENCES transactions (id),
    asked_at       INTEGER NOT NULL,
    by_sub         TEXT    NOT NULL,
    by_name        TEXT    NOT NULL,
    why            TEXT    NOT NULL,
    try_at         INTEGER,           -- when it is tried; NULL when nothing is left to do
    erased_at      INTEGER,           -- NULL: not yet
    kept           TEXT    NOT NULL,  -- billing data that the law wants, a JSON object; '' for none
    kept_since     INTEGER,           -- from when on it counts years; NULL when nothing is kept
    email_sha256   TEXT    NOT NULL,  -- by which these are found while they are kept; else ''
    CHECK ((kept = '') = (kept_since IS NULL))
) STRICT;
CREATE INDEX erasures_due ON erasures (try_at) WHERE try_at IS NOT NULL;
CREATE INDEX erasures_kept ON erasures (kept_since) WHERE kept_since IS NOT NULL;
CREATE INDEX erasures_email ON erasures (email_sha256) WHERE email_sha256 <> '';

-- How far erasing has come, whichever replica does it: one row.
CREATE TABLE retention (
    lease_until     INTEGER NOT NULL,  -- until when one replica does it for all
    round_at        INTEGER,           -- when nothing was left to do last
    -- The last row of each that was looked at: payments by age, the others for whether they came
    -- after their payment was erased.
    transaction_id  INTEGER NOT NULL,
    notification_id INTEGER NOT NULL,
    match_id        INTEGER NOT NULL,
    action_id       INTEGER NOT NULL,
    unmatched_at    INTEGER NOT NULL,
    erased          INTEGER NOT NULL,  -- commits that erased something
    -- The same as it was when the cleaning of files that is under way began, and the last one that
    -- came to its end; and the page to go on with.
    cleaning        INTEGER NOT NULL,
    cleaned         INTEGER NOT NULL,
    page            INTEGER NOT NULL
) STRICT;
INSERT INTO retention SELECT 0, NULL, 0, coalesce((SELECT max(id) FROM notifications), 0),
    coalesce((SELECT max(id) FROM matches), 0), coalesce((SELECT max(id) FROM actions), 0), 0, 0, 0, 0, 0;
