-- What opens a site to a scan: encrypted, and forgotten by the database itself at the moment when the scan is over, by
-- whatever way it ends.

ALTER TABLE scan_results
  ADD COLUMN access_sealed bytea,
  ADD COLUMN access_given boolean NOT NULL DEFAULT false;

CREATE FUNCTION forget_scan_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.access_sealed := NULL;
  RETURN NEW;
END
$$;

CREATE TRIGGER scan_results_forget_access BEFORE INSERT OR UPDATE ON scan_results
  FOR EACH ROW WHEN (NEW.finished_at IS NOT NULL AND NEW.access_sealed IS NOT NULL)
  EXECUTE FUNCTION forget_scan_access();
