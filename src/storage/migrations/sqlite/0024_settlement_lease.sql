-- Until when one replica matches settlements for all. Work, and no part of the books.
CREATE TABLE settlement_lease (
    until       INTEGER NOT NULL
) STRICT;
INSERT INTO settlement_lease VALUES (0);
