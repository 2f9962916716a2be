-- How the installation is. Nothing of it is needed for payments.

-- What each process that serves has told of itself last.
CREATE TABLE replicas (
    replica          text   PRIMARY KEY,
    version          text   NOT NULL,
    build_commit     text   NOT NULL,
    settings         text   NOT NULL,
    started_at       bigint NOT NULL,
    seen_at          bigint NOT NULL,
    ahead_ms         bigint,
    keys_read_at     bigint NOT NULL,
    keys_trouble     text   NOT NULL,
    signed_simplepay bigint,
    signed_stripe    bigint
);

-- Calls to those outside, minute by minute. `times` has how many fell between which bounds.
CREATE TABLE heartbeats (
    at         bigint NOT NULL,
    replica    text   NOT NULL,
    outside    text   NOT NULL,
    calls      bigint NOT NULL,
    unanswered bigint NOT NULL,
    times      text   NOT NULL,
    PRIMARY KEY (at, replica, outside)
);

-- What was done to keep the data safe: `ledger` is a run of verify-ledger, `backup` a backup.
CREATE TABLE upkeep (
    kind         text   NOT NULL CHECK (kind IN ('ledger', 'backup')),
    at           bigint NOT NULL,
    transactions bigint NOT NULL,
    differences  bigint NOT NULL,
    detail       text   NOT NULL,
    PRIMARY KEY (kind, at)
);
