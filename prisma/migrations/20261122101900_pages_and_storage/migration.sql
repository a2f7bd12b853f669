-- The pages that a scan visited, and what it found in client-side storage beside cookies.

CREATE TYPE outcome AS ENUM ('success', 'partial', 'blocked', 'failed');
CREATE TYPE storage_kind AS ENUM ('local', 'session', 'indexeddb', 'cache');

CREATE TABLE pages (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  scan_id uuid NOT NULL,
  scanned_at timestamptz(6) NOT NULL,
  position integer NOT NULL,
  url text NOT NULL,
  http_status integer,
  status outcome NOT NULL,
  status_reason text,
  title text,
  redirects text[] NOT NULL DEFAULT '{}',
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT pages_pkey PRIMARY KEY (id, scanned_at),
  CONSTRAINT pages_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT pages_position_not_negative CHECK (position >= 0),
  CONSTRAINT pages_http_status_range CHECK (http_status BETWEEN 0 AND 999),
  CONSTRAINT pages_text_lengths CHECK (
    char_length(url) <= 8192 AND char_length(status_reason) <= 8192 AND char_length(title) <= 8192
  ),
  CONSTRAINT pages_redirects_length CHECK (cardinality(redirects) <= 200)
) PARTITION BY RANGE (scanned_at);

CREATE UNIQUE INDEX pages_scan_id_position_scanned_at_key ON pages (scan_id, position, scanned_at);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON pages
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE storage_items (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  scan_id uuid NOT NULL,
  scanned_at timestamptz(6) NOT NULL,
  position integer NOT NULL,
  kind storage_kind NOT NULL,
  origin text NOT NULL,
  key text NOT NULL,
  size_bytes bigint NOT NULL,
  set_by_kind setter_kind NOT NULL,
  set_by_url text,
  set_by_initiators text[] NOT NULL,
  set_by_confidence setter_confidence NOT NULL,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT storage_items_pkey PRIMARY KEY (id, scanned_at),
  CONSTRAINT storage_items_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT storage_items_position_not_negative CHECK (position >= 0),
  CONSTRAINT storage_items_size_not_negative CHECK (size_bytes >= 0),
  CONSTRAINT storage_items_text_lengths CHECK (
    char_length(origin) <= 8192 AND char_length(key) <= 8192 AND char_length(set_by_url) <= 8192
  ),
  CONSTRAINT storage_items_initiators_length CHECK (cardinality(set_by_initiators) <= 200)
) PARTITION BY RANGE (scanned_at);

CREATE UNIQUE INDEX storage_items_scan_id_position_scanned_at_key
  ON storage_items (scan_id, position, scanned_at);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON storage_items
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

SELECT create_month_partitions(
  (now() AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC' + interval '3 months')::date
);
