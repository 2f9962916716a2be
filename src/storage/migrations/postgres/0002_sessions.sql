-- Sessions of the back office. Nothing of them is needed for payments: they are deleted when they end.
CREATE TABLE console_sessions (
    id_hash          text   PRIMARY KEY CHECK (length(id_hash) = 64),
    sealed           text   NOT NULL,
    sub              text   NOT NULL,
    name             text   NOT NULL,
    provider_session text   NOT NULL,
    made_at          bigint NOT NULL,
    used_at          bigint NOT NULL,
    ends_at          bigint NOT NULL,
    renew_at         bigint
);

CREATE INDEX console_sessions_person ON console_sessions (sub, used_at);
