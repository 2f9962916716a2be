-- Days that are added up: of such a day a row of totals has the minutes of the day for its grain, and
-- `at` is where it begins. A day is its two ends and no zone's, so whichever days are asked for, those
-- that are here are theirs. Whoever changes a quarter of an hour changes its day, which is forgotten by
-- the database itself, also for replicas of the version before, and added up anew in the background.
CREATE TABLE totals_days (
    at    bigint NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (at, until)
);

-- No day is longer than 50 hours.
CREATE FUNCTION forget_totals_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN changed := OLD.at; ELSE changed := NEW.at; END IF;
    DELETE FROM totals_days WHERE at > changed - 180000000 AND at <= changed AND until > changed;
    RETURN NULL;
END $$;

CREATE TRIGGER totals_days_change AFTER INSERT OR UPDATE ON totals
    FOR EACH ROW WHEN (NEW.grain = 15) EXECUTE FUNCTION forget_totals_day();
CREATE TRIGGER totals_days_delete AFTER DELETE ON totals
    FOR EACH ROW WHEN (OLD.grain = 15) EXECUTE FUNCTION forget_totals_day();
