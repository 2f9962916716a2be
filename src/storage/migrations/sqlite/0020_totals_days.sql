-- Days that are added up: of such a day a row of totals has the minutes of the day for its grain, and
-- `at` is where it begins. A day is its two ends and no zone's, so whichever days are asked for, those
-- that are here are theirs. Whoever changes a quarter of an hour changes its day, which is forgotten by
-- the database itself and added up anew in the background.
CREATE TABLE totals_days (
    at    INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (at, until)
) STRICT, WITHOUT ROWID;

-- No day is longer than 50 hours.
CREATE TRIGGER totals_days_insert AFTER INSERT ON totals WHEN NEW.grain = 15 BEGIN
    DELETE FROM totals_days WHERE at > NEW.at - 180000000 AND at <= NEW.at AND until > NEW.at;
END;
CREATE TRIGGER totals_days_update AFTER UPDATE ON totals WHEN NEW.grain = 15 BEGIN
    DELETE FROM totals_days WHERE at > NEW.at - 180000000 AND at <= NEW.at AND until > NEW.at;
END;
CREATE TRIGGER totals_days_delete AFTER DELETE ON totals WHEN OLD.grain = 15 BEGIN
    DELETE FROM totals_days WHERE at > OLD.at - 180000000 AND at <= OLD.at AND until > OLD.at;
END;
