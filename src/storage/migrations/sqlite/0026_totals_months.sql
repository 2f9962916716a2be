-- Months are added up like days, and forgotten like them: a stretch may be as long as a month now.
DROP TRIGGER totals_days_insert;
DROP TRIGGER totals_days_update;
DROP TRIGGER totals_days_delete;

-- No month is longer than 32 days.
CREATE TRIGGER totals_days_insert AFTER INSERT ON totals WHEN NEW.grain = 15 BEGIN
    DELETE FROM totals_days WHERE at > NEW.at - 2764800000 AND at <= NEW.at AND until > NEW.at;
END;
CREATE TRIGGER totals_days_update AFTER UPDATE ON totals WHEN NEW.grain = 15 BEGIN
    DELETE FROM totals_days WHERE at > NEW.at - 2764800000 AND at <= NEW.at AND until > NEW.at;
END;
CREATE TRIGGER totals_days_delete AFTER DELETE ON totals WHEN OLD.grain = 15 BEGIN
    DELETE FROM totals_days WHERE at > OLD.at - 2764800000 AND at <= OLD.at AND until > OLD.at;
END;
