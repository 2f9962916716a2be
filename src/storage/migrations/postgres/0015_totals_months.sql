-- Months are added up like days, and forgotten like them: a stretch may be as long as a month now, and
-- no month is longer than 32 days.
CREATE OR REPLACE FUNCTION forget_totals_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN changed := OLD.at; ELSE changed := NEW.at; END IF;
    DELETE FROM totals_days WHERE at > changed - 2764800000 AND at <= changed AND until > changed;
    RETURN NULL;
END $$;
