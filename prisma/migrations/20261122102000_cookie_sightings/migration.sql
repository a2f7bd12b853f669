-- Which site was ever seen with which cookie, and since when. Answers "where does this cookie occur" and "what is new"
-- without reading the cookies of all scans, also for months whose cookies are gone.

CREATE TABLE cookie_sightings (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  -- Host that was scanned.
  domain text NOT NULL,
  -- SHA-256 of name, domain and path of the cookie: names may be longer than an index takes.
  cookie_hash text NOT NULL,
  name text NOT NULL,
  cookie_domain text NOT NULL,
  path text NOT NULL,
  party cookie_party NOT NULL,
  first_scan_id uuid,
  first_seen_at timestamptz(6) NOT NULL,
  last_seen_at timestamptz(6) NOT NULL,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT cookie_sightings_pkey PRIMARY KEY (id),
  CONSTRAINT cookie_sightings_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT cookie_sightings_first_scan_id_fkey FOREIGN KEY (first_scan_id) REFERENCES scan_results (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT cookie_sightings_domain_format CHECK (
    domain = lower(domain) AND domain !~ '[[:space:]/@]' AND char_length(domain) BETWEEN 1 AND 255
  ),
  CONSTRAINT cookie_sightings_cookie_hash_format CHECK (cookie_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT cookie_sightings_text_lengths CHECK (
    char_length(name) <= 8192 AND char_length(cookie_domain) <= 8192 AND char_length(path) <= 8192
  ),
  CONSTRAINT cookie_sightings_last_after_first CHECK (last_seen_at >= first_seen_at)
);

CREATE UNIQUE INDEX cookie_sightings_workspace_id_domain_cookie_hash_key
  ON cookie_sightings (workspace_id, domain, cookie_hash);
-- Every domain that has a cookie of this name. A name may be 8,192 characters; an index entry may not.
CREATE INDEX cookie_sightings_name_idx ON cookie_sightings (workspace_id, left(name, 256), domain);
-- What is new, newest first.
CREATE INDEX cookie_sightings_workspace_id_first_seen_at_id_idx
  ON cookie_sightings (workspace_id, first_seen_at DESC, id DESC);
CREATE INDEX cookie_sightings_first_scan_id_idx ON cookie_sightings (first_scan_id);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON cookie_sightings
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

-- The name of a cookie's identity, the same for the same name, domain and path.
CREATE FUNCTION cookie_identity(name text, domain text, path text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(name, domain, path)::text, 'UTF8')), 'hex')
$$;

INSERT INTO cookie_sightings (
  workspace_id, domain, cookie_hash, name, cookie_domain, path, party, first_scan_id, first_seen_at, last_seen_at)
SELECT DISTINCT ON (scan.workspace_id, scan.domain, identity.hash)
       scan.workspace_id, scan.domain, identity.hash, cookie.name, cookie.domain, cookie.path, cookie.party, scan.id,
       cookie.scanned_at, max(cookie.scanned_at) OVER (PARTITION BY scan.workspace_id, scan.domain, identity.hash)
  FROM cookies AS cookie
  JOIN scan_results AS scan ON scan.id = cookie.scan_id,
       cookie_identity(cookie.name, cookie.domain, cookie.path) AS identity (hash)
 WHERE scan.domain IS NOT NULL
 ORDER BY scan.workspace_id, scan.domain, identity.hash, cookie.scanned_at;
