-- What providers and banks said of our money (docs/settlements.md, 7), and what people decided about
-- findings. Append-only. Each file is kept whole, as records and never as bytes, so that matching can
-- be done again from what is here; what of it was new follows from the files before it. Files are a
-- chain by hash, decisions another.
CREATE TABLE settlement_files (
    id          bigint  PRIMARY KEY,  -- its place in the chain, from 1
    sha256      text    NOT NULL,     -- of its bytes, in hex
    format      text    NOT NULL,
    name        text    NOT NULL,
    size        bigint  NOT NULL,
    account     text    NOT NULL,     -- that whoever imported it named, '' for none
    payout      text    NOT NULL,     -- likewise
    mapping     text    NOT NULL,     -- SHA-256 of the mapping it was read by, '' for known columns
    skipped     bigint  NOT NULL,     -- entries not booked yet, a payout's own line
    at          bigint  NOT NULL,
    by_sub      text    NOT NULL,
    by_name     text    NOT NULL,
    records     bigint  NOT NULL,     -- how many of the tables below are its own
    records_sha256 text NOT NULL,     -- over all of them, in hex
    hash        text    NOT NULL
);
CREATE UNIQUE INDEX settlement_files_once ON settlement_files (sha256, format, account, payout);

-- Rows refer to their file by no foreign key: it is written last, with the digest of all of them.
CREATE TABLE settlement_lines (
    file_id     bigint  NOT NULL,
    n           bigint  NOT NULL,     -- its place in the file, from 1
    processor   text    NOT NULL,
    account     text    NOT NULL,
    kind        text    NOT NULL,
    kind_as_written text NOT NULL,
    line_id     text    NOT NULL,
    source_id   text    NOT NULL,
    charge_id   text    NOT NULL,
    payment_id  text    NOT NULL,
    reference   text    NOT NULL,
    currency    text    NOT NULL,
    gross_minor bigint  NOT NULL,
    fee_minor   bigint  NOT NULL,
    net_minor   bigint  NOT NULL,
    fee_parts   text    NOT NULL,     -- '[["processing",3650]]', '' for none
    facing_minor bigint,
    facing_currency text NOT NULL,    -- '' without one
    rate_digits bigint,
    rate_decimals bigint,
    at          text    NOT NULL,     -- as written
    day         bigint,              -- since 1970
    payout_id   text    NOT NULL,
    file_row    bigint  NOT NULL,
    PRIMARY KEY (file_id, n)
);
CREATE INDEX settlement_lines_id ON settlement_lines (line_id);
CREATE INDEX settlement_lines_payout ON settlement_lines (payout_id);

CREATE TABLE settlement_payouts (
    file_id     bigint  NOT NULL,
    n           bigint  NOT NULL,
    processor   text    NOT NULL,
    account     text    NOT NULL,
    payout_id   text    NOT NULL,
    currency    text    NOT NULL,
    amount_minor bigint,
    status      text    NOT NULL,
    arrival     bigint,
    trace_id    text    NOT NULL,
    descriptor  text    NOT NULL,
    is_automatic bigint,
    file_row    bigint  NOT NULL,
    PRIMARY KEY (file_id, n)
);
CREATE INDEX settlement_payouts_id ON settlement_payouts (payout_id);

CREATE TABLE bank_statements (
    file_id     bigint  NOT NULL,
    n           bigint  NOT NULL,
    account     text    NOT NULL,
    account_key text    NOT NULL,     -- the same for an IBAN and the number in it
    currency    text    NOT NULL,
    statement_id text   NOT NULL,
    number      bigint,
    page        bigint  NOT NULL,
    from_day    bigint,
    to_day      bigint,
    opening_minor bigint,
    closing_minor bigint,
    PRIMARY KEY (file_id, n)
);
CREATE INDEX bank_statements_account ON bank_statements (account_key, currency);

CREATE TABLE bank_lines (
    file_id     bigint  NOT NULL,
    n           bigint  NOT NULL,     -- of its statement
    m           bigint  NOT NULL,     -- its place in it, from 1
    amount_minor bigint  NOT NULL,
    charges_minor bigint  NOT NULL,
    booked      bigint  NOT NULL,
    payer       text    NOT NULL,
    payer_account text  NOT NULL,
    text        text    NOT NULL,
    reference   text    NOT NULL,
    bank_reference text NOT NULL,
    part        bigint  NOT NULL,
    is_reversal bigint  NOT NULL,
    file_row    bigint  NOT NULL,
    PRIMARY KEY (file_id, n, m)
);

CREATE TABLE settlement_decisions (
    id          bigint  PRIMARY KEY,  -- its place in the chain, from 1
    decision    text    NOT NULL CHECK (decision IN ('accept', 'reopen')),
    finding     text    NOT NULL,     -- its key
    kind        text    NOT NULL,
    subject     text    NOT NULL,
    amount_minor bigint  NOT NULL,    -- the numbers it was decided for
    currency    text    NOT NULL,
    reason      text    NOT NULL,
    at          bigint  NOT NULL,
    by_sub      text    NOT NULL,
    by_name     text    NOT NULL,
    hash        text    NOT NULL
);
CREATE INDEX settlement_decisions_finding ON settlement_decisions (finding, id);

-- Where each chain ends, so that a row missing at the end is noticed too.
CREATE TABLE settlement_chains (
    name        text    PRIMARY KEY,
    length      bigint  NOT NULL,
    hash        text    NOT NULL
);
INSERT INTO settlement_chains VALUES ('decisions', 0, ''), ('files', 0, '');

-- What came of matching last: for alarms, and made anew each time.
CREATE TABLE settlement_results (
    processor   text    NOT NULL,     -- '' of what only a bank tells
    currency    text    NOT NULL,
    unexplained_minor bigint NOT NULL,
    at          bigint  NOT NULL,
    PRIMARY KEY (processor, currency)
);

CREATE TRIGGER settlement_files_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON settlement_files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_lines_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON settlement_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_payouts_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON settlement_payouts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bank_statements_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON bank_statements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bank_lines_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON bank_lines
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlement_decisions_stay BEFORE DELETE OR TRUNCATE OR UPDATE ON settlement_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
