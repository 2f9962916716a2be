-- What providers and banks said of our money (docs/settlements.md, 7), and what people decided about
-- findings. Append-only. Each file is kept whole, as records and never as bytes, so that matching can
-- be done again from what is here; what of it was new follows from the files before it. Files are a
-- chain by hash, decisions another.
CREATE TABLE settlement_files (
    id          INTEGER PRIMARY KEY,  -- its place in the chain, from 1
    sha256      TEXT    NOT NULL,     -- of its bytes, in hex
    format      TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    size        INTEGER NOT NULL,
    account     TEXT    NOT NULL,     -- that whoever imported it named, '' for none
    payout      TEXT    NOT NULL,     -- likewise
    mapping     TEXT    NOT NULL,     -- SHA-256 of the mapping it was read by, '' for known columns
    skipped     INTEGER NOT NULL,     -- entries not booked yet, a payout's own line
    at          INTEGER NOT NULL,
    by_sub      TEXT    NOT NULL,
    by_name     TEXT    NOT NULL,
    records     INTEGER NOT NULL,     -- how many of the tables below are its own
    records_sha256 TEXT NOT NULL,     -- over all of them, in hex
    hash        TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX settlement_files_once ON settlement_files (sha256, format, account, payout);

-- Rows refer to their file by no foreign key: it is written last, with the digest of all of them.
CREATE TABLE settlement_lines (
    file_id     INTEGER NOT NULL,
    n           INTEGER NOT NULL,     -- its place in the file, from 1
    processor   TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    kind_as_written TEXT NOT NULL,
    line_id     TEXT    NOT NULL,
    source_id   TEXT    NOT NULL,
    charge_id   TEXT    NOT NULL,
    payment_id  TEXT    NOT NULL,
    reference   TEXT    NOT NULL,
    currency    TEXT    NOT NULL,
    gross_minor INTEGER NOT NULL,
    fee_minor   INTEGER NOT NULL,
    net_minor   INTEGER NOT NULL,
    fee_parts   TEXT    NOT NULL,     -- '[["processing",3650]]', '' for none
    facing_minor INTEGER,
    facing_currency TEXT NOT NULL,    -- '' without one
    rate_digits INTEGER,
    rate_decimals INTEGER,
    at          TEXT    NOT NULL,     -- as written
    day         INTEGER,              -- since 1970
    payout_id   TEXT    NOT NULL,
    file_row    INTEGER NOT NULL,
    PRIMARY KEY (file_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_lines_id ON settlement_lines (line_id);
CREATE INDEX settlement_lines_payout ON settlement_lines (payout_id);

CREATE TABLE settlement_payouts (
    file_id     INTEGER NOT NULL,
    n           INTEGER NOT NULL,
    processor   TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    payout_id   TEXT    NOT NULL,
    currency    TEXT    NOT NULL,
    amount_minor INTEGER,
    status      TEXT    NOT NULL,
    arrival     INTEGER,
    trace_id    TEXT    NOT NULL,
    descriptor  TEXT    NOT NULL,
    is_automatic INTEGER,
    file_row    INTEGER NOT NULL,
    PRIMARY KEY (file_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX settlement_payouts_id ON settlement_payouts (payout_id);

CREATE TABLE bank_statements (
    file_id     INTEGER NOT NULL,
    n           INTEGER NOT NULL,
    account     TEXT    NOT NULL,
    account_key TEXT    NOT NULL,     -- the same for an IBAN and the number in it
    currency    TEXT    NOT NULL,
    statement_id TEXT   NOT NULL,
    number      INTEGER,
    page        INTEGER NOT NULL,
    from_day    INTEGER,
    to_day      INTEGER,
    opening_minor INTEGER,
    closing_minor INTEGER,
    PRIMARY KEY (file_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX bank_statements_account ON bank_statements (account_key, currency);

CREATE TABLE bank_lines (
    file_id     INTEGER NOT NULL,
    n           INTEGER NOT NULL,     -- of its statement
    m           INTEGER NOT NULL,     -- its place in it, from 1
    amount_minor INTEGER NOT NULL,
    charges_minor INTEGER NOT NULL,
    booked      INTEGER NOT NULL,
    payer       TEXT    NOT NULL,
    payer_account TEXT  NOT NULL,
    text        TEXT    NOT NULL,
    reference   TEXT    NOT NULL,
    bank_reference TEXT NOT NULL,
    part        INTEGER NOT NULL,
    is_reversal INTEGER NOT NULL,
    file_row    INTEGER NOT NULL,
    PRIMARY KEY (file_id, n, m)
) STRICT, WITHOUT ROWID;

CREATE TABLE settlement_decisions (
    id          INTEGER PRIMARY KEY,  -- its place in the chain, from 1
    decision    TEXT    NOT NULL CHECK (decision IN ('accept', 'reopen')),
    finding     TEXT    NOT NULL,     -- its key
    kind        TEXT    NOT NULL,
    subject     TEXT    NOT NULL,
    amount_minor INTEGER NOT NULL,    -- the numbers it was decided for
    currency    TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    by_sub      TEXT    NOT NULL,
    by_name     TEXT    NOT NULL,
    hash        TEXT    NOT NULL
) STRICT;
CREATE INDEX settlement_decisions_finding ON settlement_decisions (finding, id);

-- Where each chain ends, so that a row missing at the end is noticed too.
CREATE TABLE settlement_chains (
    name        TEXT    PRIMARY KEY,
    length      INTEGER NOT NULL,
    hash        TEXT    NOT NULL
) STRICT;
INSERT INTO settlement_chains VALUES ('decisions', 0, ''), ('files', 0, '');

-- What came of matching last: for alarms, and made anew each time.
CREATE TABLE settlement_results (
    processor   TEXT    NOT NULL,     -- '' of what only a bank tells
    currency    TEXT    NOT NULL,
    unexplained_minor INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (processor, currency)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER settlement_files_stay BEFORE UPDATE ON settlement_files
BEGIN SELECT RAISE(ABORT, 'settlement_files are never changed'); END;
CREATE TRIGGER settlement_files_remain BEFORE DELETE ON settlement_files
BEGIN SELECT RAISE(ABORT, 'settlement_files are never deleted'); END;
CREATE TRIGGER settlement_lines_stay BEFORE UPDATE ON settlement_lines
BEGIN SELECT RAISE(ABORT, 'settlement_lines are never changed'); END;
CREATE TRIGGER settlement_lines_remain BEFORE DELETE ON settlement_lines
BEGIN SELECT RAISE(ABORT, 'settlement_lines are never deleted'); END;
CREATE TRIGGER settlement_payouts_stay BEFORE UPDATE ON settlement_payouts
BEGIN SELECT RAISE(ABORT, 'settlement_payouts are never changed'); END;
CREATE TRIGGER settlement_payouts_remain BEFORE DELETE ON settlement_payouts
BEGIN SELECT RAISE(ABORT, 'settlement_payouts are never deleted'); END;
CREATE TRIGGER bank_statements_stay BEFORE UPDATE ON bank_statements
BEGIN SELECT RAISE(ABORT, 'bank_statements are never changed'); END;
CREATE TRIGGER bank_statements_remain BEFORE DELETE ON bank_statements
BEGIN SELECT RAISE(ABORT, 'bank_statements are never deleted'); END;
CREATE TRIGGER bank_lines_stay BEFORE UPDATE ON bank_lines
BEGIN SELECT RAISE(ABORT, 'bank_lines are never changed'); END;
CREATE TRIGGER bank_lines_remain BEFORE DELETE ON bank_lines
BEGIN SELECT RAISE(ABORT, 'bank_lines are never deleted'); END;
CREATE TRIGGER settlement_decisions_stay BEFORE UPDATE ON settlement_decisions
BEGIN SELECT RAISE(ABORT, 'settlement_decisions are never changed'); END;
CREATE TRIGGER settlement_decisions_remain BEFORE DELETE ON settlement_decisions
BEGIN SELECT RAISE(ABORT, 'settlement_decisions are never deleted'); END;
