-- Cookies by month, and what each is for. The rows there are move over.

CREATE TYPE cookie_category AS ENUM ('necessary', 'functional', 'analytics', 'marketing', 'unclassified');
CREATE TYPE classification_source AS ENUM ('override', 'exact_entry', 'pattern_entry', 'model', 'plugin', 'none');

ALTER TABLE cookies RENAME TO cookies_unpartitioned;
ALTER INDEX cookies_pkey RENAME TO cookies_unpartitioned_pkey;
ALTER INDEX cookies_scan_id_position_key RENAME TO cookies_unpartitioned_scan_id_position_key;

CREATE TABLE cookies (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  scan_id uuid NOT NULL,
  -- When its scan finished; decides the month.
  scanned_at timestamptz(6) NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  value_hash text,
  size_bytes integer NOT NULL,
  domain text NOT NULL,
  host_only boolean NOT NULL,
  path text NOT NULL,
  http_only boolean NOT NULL,
  secure boolean NOT NULL,
  same_site cookie_same_site NOT NULL,
  expires_at timestamptz(6),
  declared_lifetime_seconds double precision,
  partition_key text,
  party cookie_party NOT NULL,
  consent_states consent_state[] NOT NULL,
  pages text[] NOT NULL,
  set_by_kind setter_kind NOT NULL,
  set_by_url text,
  set_by_initiators text[] NOT NULL,
  set_by_confidence setter_confidence NOT NULL,
  events jsonb NOT NULL,
  category cookie_category NOT NULL DEFAULT 'unclassified',
  category_source classification_source NOT NULL DEFAULT 'none',
  category_confidence double precision,
  vendor text,
  classification jsonb,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT cookies_pkey PRIMARY KEY (id, scanned_at),
  CONSTRAINT cookies_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT cookies_position_not_negative CHECK (position >= 0),
  CONSTRAINT cookies_size_not_negative CHECK (size_bytes >= 0),
  CONSTRAINT cookies_value_hash_format CHECK (value_hash ~ '^[0-9a-f]{16,128}$'),
  CONSTRAINT cookies_text_lengths CHECK (
    char_length(name) <= 8192 AND char_length(domain) <= 8192 AND char_length(path) <= 8192
    AND char_length(partition_key) <= 8192 AND char_length(set_by_url) <= 8192
  ),
  CONSTRAINT cookies_list_lengths CHECK (
    cardinality(pages) <= 200 AND cardinality(set_by_initiators) <= 200 AND cardinality(consent_states) <= 16
  ),
  CONSTRAINT cookies_events_is_list CHECK (
    CASE WHEN jsonb_typeof(events) = 'array' THEN jsonb_array_length(events) <= 200 ELSE false END
  ),
  CONSTRAINT cookies_category_has_source CHECK (category = 'unclassified' OR category_source <> 'none'),
  CONSTRAINT cookies_category_confidence_range CHECK (category_confidence BETWEEN 0 AND 1),
  CONSTRAINT cookies_vendor_length CHECK (char_length(vendor) BETWEEN 1 AND 500),
  CONSTRAINT cookies_classification_is_object CHECK (jsonb_typeof(classification) = 'object')
) PARTITION BY RANGE (scanned_at);

-- The cookies of a scan in order, page by page; also serves the foreign key. And those of one category.
CREATE UNIQUE INDEX cookies_scan_id_position_scanned_at_key ON cookies (scan_id, position, scanned_at);
CREATE INDEX cookies_scan_id_category_position_idx ON cookies (scan_id, category, position);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON cookies
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

SELECT create_month_partitions(
  coalesce((SELECT min(coalesce(scan.finished_at, cookie.created_at)) AT TIME ZONE 'UTC'
              FROM cookies_unpartitioned AS cookie JOIN scan_results AS scan ON scan.id = cookie.scan_id),
           now() AT TIME ZONE 'UTC')::date,
  (greatest(now(), (SELECT max(coalesce(scan.finished_at, cookie.created_at))
                      FROM cookies_unpartitioned AS cookie JOIN scan_results AS scan ON scan.id = cookie.scan_id))
   AT TIME ZONE 'UTC' + interval '3 months')::date
);

INSERT INTO cookies (
  id, scan_id, scanned_at, position, name, value_hash, size_bytes, domain, host_only, path, http_only, secure, same_site,
  expires_at, declared_lifetime_seconds, partition_key, party, consent_states, pages, set_by_kind, set_by_url,
  set_by_initiators, set_by_confidence, events, created_at, updated_at)
SELECT cookie.id, cookie.scan_id, coalesce(scan.finished_at, cookie.created_at), cookie.position, cookie.name,
       cookie.value_hash, cookie.size_bytes, cookie.domain, cookie.host_only, cookie.path, cookie.http_only,
       cookie.secure, cookie.same_site, cookie.expires_at, cookie.declared_lifetime_seconds, cookie.partition_key,
       cookie.party, cookie.consent_states, cookie.pages, cookie.set_by_kind, cookie.set_by_url,
       cookie.set_by_initiators, cookie.set_by_confidence, cookie.events, cookie.created_at, cookie.updated_at
  FROM cookies_unpartitioned AS cookie JOIN scan_results AS scan ON scan.id = cookie.scan_id;

DROP TABLE cookies_unpartitioned;
