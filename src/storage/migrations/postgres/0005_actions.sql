-- What people did and saw: notes, personal data that were shown, refunds they asked for. Append-only,
-- and chained by hash: those about one payment, and those about none, are a chain each. It holds the
-- hash of the details and not the details, so that these can be erased: then their hash stays in their
-- place.
CREATE SEQUENCE actions_number AS bigint;
CREATE TABLE actions (
    id             bigint PRIMARY KEY DEFAULT nextval('actions_number'),
    transaction_id bigint REFERENCES transactions (id),
    seq            bigint NOT NULL CHECK (seq > 0),
    at             bigint NOT NULL,
    by_sub         text   NOT NULL,
    by_name        text   NOT NULL,
    kind           text   NOT NULL CHECK (kind <> ''),
    scope_id       bigint,  -- where the payment's ticket was then
    about          text   NOT NULL,
    idempotency_key text  NOT NULL,  -- under which it was asked for; '' for none
    details        text   CHECK (details IS NULL OR details::json IS NOT NULL),
    details_sha256 text,    -- in hex, of details that were erased
    hash           text   NOT NULL,
    CHECK ((details IS NULL) = (details_sha256 IS NOT NULL))
);
ALTER SEQUENCE actions_number OWNED BY actions.id;
CREATE UNIQUE INDEX actions_chain ON actions (coalesce(transaction_id, 0), seq);
CREATE UNIQUE INDEX actions_key ON actions (coalesce(transaction_id, 0), kind, idempotency_key)
    WHERE idempotency_key <> '';
CREATE TRIGGER actions_stay BEFORE DELETE OR TRUNCATE OR UPDATE OF id, transaction_id, seq, at, by_sub,
    by_name, kind, scope_id, about, idempotency_key, hash ON actions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER actions_details_stay BEFORE UPDATE ON actions
    FOR EACH ROW WHEN (OLD.details IS NULL OR NEW.details IS NOT NULL)
    EXECUTE FUNCTION refuse_change();

-- Where each chain ends, so that a row missing at the end is noticed too; who adds to a chain holds its
-- row. 0 stands for no payment.
CREATE TABLE action_chains (
    transaction_id bigint PRIMARY KEY,
    length         bigint NOT NULL,
    hash           text   NOT NULL
);
