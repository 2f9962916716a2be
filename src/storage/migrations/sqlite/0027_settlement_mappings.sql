-- The same bytes say something else by another mapping.
DROP INDEX settlement_files_once;
CREATE UNIQUE INDEX settlement_files_once
    ON settlement_files (sha256, format, account, payout, mapping);
