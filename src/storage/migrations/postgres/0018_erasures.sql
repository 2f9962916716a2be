-- Payments whose personal data are to be erased, or were (docs/personal_data.md). That it was done is
-- told by actions, which are chained by hash; these rows say what is to be done next, and hold what
-- the law wants to be kept for some years.
CREATE TABLE erasures (
    -- No foreign key: it would lock every payment that grows old, and none is ever deleted.
    transaction_id bigint PRIMARY KEY,
    asked_at       bigint NOT NULL,
    by_sub         text   NOT NULL,
    by_name        text   NOT NULL,
    why            text   NOT NULL,
    try_at         bigint,           -- when it is tried; NULL when nothing is left to do
    erased_at      bigint,           -- NULL: not yet
    kept           text   NOT NULL,  -- billing data that the law wants, a JSON object; '' for none
    kept_since     bigint,           -- from when on it counts years; NULL when nothing is kept
    email_sha256   text   NOT NULL,  -- by which these are found while they are kept; else ''
    CHECK ((kept = '') = (kept_since IS NULL))
);
CREATE INDEX erasures_due ON erasures (try_at) WHERE try_at IS NOT NULL;
CREATE INDEX erasures_kept ON erasures (kept_since) WHERE kept_since IS NOT NULL;
CREATE INDEX erasures_email ON erasures (email_sha256) WHERE email_sha256 <> '';

-- How far erasing has come, whichever replica does it: one row. What only SQLite's files need stays 0.
CREATE TABLE retention (
    lease_until     bigint NOT NULL,  -- until when one replica does it for all
    round_at        bigint,           -- when nothing was left to do last
    -- The last row of each that was looked at: payments by age, the others for whether they came
    -- after their payment was erased.
    transaction_id  bigint NOT NULL,
    notification_id bigint NOT NULL,
    match_id        bigint NOT NULL,
    action_id       bigint NOT NULL,
    unmatched_at    bigint NOT NULL,
    erased          bigint NOT NULL,  -- commits that erased something
    cleaning        bigint NOT NULL,
    cleaned         bigint NOT NULL,
    page            bigint NOT NULL
);
INSERT INTO retention SELECT 0, NULL, 0, coalesce((SELECT max(id) FROM notifications), 0),
    coalesce((SELECT max(id) FROM matches), 0), coalesce((SELECT max(id) FROM actions), 0), 0, 0, 0, 0, 0;

-- ANALYZE would keep samples of them among its statistics, where nothing erases them.
ALTER TABLE transactions ALTER COLUMN email SET STATISTICS 0, ALTER COLUMN metas SET STATISTICS 0;
ALTER TABLE notifications ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE actions ALTER COLUMN details SET STATISTICS 0;
ALTER TABLE erasures ALTER COLUMN kept SET STATISTICS 0;
