-- Named sets of scan parameters. A version never changes: a changed profile is a new version, so that an old scan can
-- always say with what it was run. Those without a workspace come with the platform.

CREATE TABLE scan_profiles (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid,
  slug text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  params jsonb NOT NULL,
  retired_at timestamptz(6),
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT scan_profiles_pkey PRIMARY KEY (id),
  CONSTRAINT scan_profiles_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT scan_profiles_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT scan_profiles_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 63),
  CONSTRAINT scan_profiles_version_positive CHECK (version > 0),
  CONSTRAINT scan_profiles_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT scan_profiles_description_length CHECK (char_length(description) <= 2000),
  CONSTRAINT scan_profiles_params_is_object CHECK (jsonb_typeof(params) = 'object')
);

CREATE UNIQUE INDEX scan_profiles_workspace_id_slug_version_key ON scan_profiles (workspace_id, slug, version);
-- The index above takes two nulls for different workspaces.
CREATE UNIQUE INDEX scan_profiles_built_in_key ON scan_profiles (slug, version) WHERE workspace_id IS NULL;
CREATE INDEX scan_profiles_created_by_idx ON scan_profiles (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON scan_profiles
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE FUNCTION guard_scan_profiles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.workspace_id IS NULL THEN
      RAISE EXCEPTION 'the built-in profile % cannot be deleted', OLD.slug
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scan_profiles_built_in_stays';
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.workspace_id, NEW.slug, NEW.version, NEW.params)
     IS DISTINCT FROM (OLD.workspace_id, OLD.slug, OLD.version, OLD.params) THEN
    RAISE EXCEPTION 'version % of the profile % is final: write a new version', OLD.version, OLD.slug
      USING ERRCODE = 'check_violation', CONSTRAINT = 'scan_profiles_version_is_final';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER guard_scan_profiles BEFORE UPDATE OR DELETE ON scan_profiles
  FOR EACH ROW EXECUTE FUNCTION guard_scan_profiles();

INSERT INTO scan_profiles (slug, name, description, params) VALUES
  ('quick', 'Quick', 'The start page, once, as a visitor sees it who touches nothing',
   '{"mode": "quick", "timeoutMs": 60000}'),
  ('standard', 'Standard', 'The start page and a few that it links to',
   '{"mode": "standard", "timeoutMs": 120000}'),
  ('deep', 'Deep', 'A crawl through the site',
   '{"mode": "deep", "timeoutMs": 600000}'),
  ('consent-audit', 'Consent audit', 'Every consent state in its own clean browser profile',
   '{"mode": "consent_audit", "timeoutMs": 300000}');
