-- Sessions of the back office. Nothing of them is needed for payments: they are deleted when they end.
CREATE TABLE console_sessions (
    id_hash          TEXT    NOT NULL PRIMARY KEY CHECK (length(id_hash) = 64),
    sealed           TEXT    NOT NULL,
    sub              TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    provider_session TEXT    NOT NULL,
    made_at          INTEGER NOT NULL,
    used_at          INTEGER NOT NULL,
    ends_at          INTEGER NOT NULL,
    renew_at         INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX console_sessions_person ON console_sessions (sub, used_at);
