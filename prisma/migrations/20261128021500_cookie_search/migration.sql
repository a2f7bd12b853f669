-- Cookies can be searched over all scans of a workspace by what they are for and who sets them, as the newest scan that saw
-- them and its analysis say.

ALTER TABLE cookie_sightings
  ADD COLUMN category cookie_category NOT NULL DEFAULT 'unclassified',
  ADD COLUMN vendor text,
  -- Host of the request or script that set it; null when that is not known.
  ADD COLUMN set_by_host text,
  ADD COLUMN last_scan_id uuid,
  ADD CONSTRAINT cookie_sightings_last_scan_id_fkey FOREIGN KEY (last_scan_id) REFERENCES scan_results (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  ADD CONSTRAINT cookie_sightings_vendor_length CHECK (char_length(vendor) BETWEEN 1 AND 500),
  ADD CONSTRAINT cookie_sightings_set_by_host_length CHECK (char_length(set_by_host) BETWEEN 1 AND 255);

CREATE INDEX cookie_sightings_last_scan_id_idx ON cookie_sightings (last_scan_id);
CREATE INDEX cookie_sightings_category_idx ON cookie_sightings (workspace_id, category, first_seen_at DESC, id DESC);
CREATE INDEX cookie_sightings_set_by_host_idx
  ON cookie_sightings (workspace_id, set_by_host, first_seen_at DESC, id DESC);

-- The host of an address, in small letters; null when it names none.
CREATE FUNCTION host_of_url(url text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT nullif(left(lower(substring(url from '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:@[:space:]]+)')), 255), '')
$$;

UPDATE cookie_sightings AS sighting
   SET category = newest.category, vendor = newest.vendor, set_by_host = host_of_url(newest.set_by_url),
       last_scan_id = newest.scan_id
  FROM (
    SELECT DISTINCT ON (scan.workspace_id, scan.domain, identity.hash)
           scan.workspace_id, scan.domain, identity.hash, cookie.category, cookie.vendor, cookie.set_by_url, cookie.scan_id
      FROM cookies AS cookie
      JOIN scan_results AS scan ON scan.id = cookie.scan_id,
           cookie_identity(cookie.name, cookie.domain, cookie.path) AS identity (hash)
     WHERE scan.domain IS NOT NULL
     ORDER BY scan.workspace_id, scan.domain, identity.hash, cookie.scanned_at DESC) AS newest
 WHERE (sighting.workspace_id, sighting.domain, sighting.cookie_hash) = (newest.workspace_id, newest.domain, newest.hash);
