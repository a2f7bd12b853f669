-- What a workspace decided that cookies of a name are for; it wins over whatever the platform knows.

CREATE TABLE category_overrides (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  -- Whether the name is only what the cookies' names begin with.
  is_prefix boolean NOT NULL DEFAULT false,
  -- Host whose cookies are meant, subdomains included; null for those of any.
  domain text,
  category cookie_category NOT NULL,
  reason text NOT NULL,
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT category_overrides_pkey PRIMARY KEY (id),
  CONSTRAINT category_overrides_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT category_overrides_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT category_overrides_name_length CHECK (char_length(name) BETWEEN 1 AND 500),
  CONSTRAINT category_overrides_domain_format CHECK (
    domain = lower(domain) AND domain !~ '[[:space:]/@]' AND domain !~ '^[.]' AND char_length(domain) BETWEEN 1 AND 253
  ),
  CONSTRAINT category_overrides_says_something CHECK (category <> 'unclassified'),
  CONSTRAINT category_overrides_reason_length CHECK (char_length(reason) BETWEEN 1 AND 2000)
);

-- Two decisions about the same cookies would contradict each other.
CREATE UNIQUE INDEX category_overrides_workspace_id_name_is_prefix_domain_key
  ON category_overrides (workspace_id, name, is_prefix, domain) NULLS NOT DISTINCT;
CREATE INDEX category_overrides_created_by_idx ON category_overrides (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON category_overrides
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
