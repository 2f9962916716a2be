-- Our name of a refund we asked for ("TR42-R1"), by which its facts belong together.
ALTER TABLE facts ADD COLUMN refund TEXT NOT NULL DEFAULT '';
