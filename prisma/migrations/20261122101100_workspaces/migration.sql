-- Workspaces: whatever people keep on the platform belongs to exactly one. The first one is there from the start and
-- owns what was scanned before there were any.

CREATE TABLE workspaces (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  slug text NOT NULL,
  settings jsonb NOT NULL DEFAULT '{}',
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT workspaces_pkey PRIMARY KEY (id),
  CONSTRAINT workspaces_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT workspaces_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT workspaces_slug_format CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 63),
  CONSTRAINT workspaces_settings_is_object CHECK (jsonb_typeof(settings) = 'object')
);

CREATE UNIQUE INDEX workspaces_slug_key ON workspaces (slug);
CREATE INDEX workspaces_created_by_idx ON workspaces (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON workspaces
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

INSERT INTO workspaces (id, name, slug) VALUES ('00000000-0000-4000-8000-000000000001', 'Default', 'default');

-- Scans that name no workspace go there, so it must always exist.
CREATE FUNCTION keep_default_workspace() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.id = '00000000-0000-4000-8000-000000000001' THEN
    RAISE EXCEPTION 'the default workspace cannot be deleted'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'workspaces_default_stays';
  END IF;
  RETURN OLD;
END
$$;

CREATE TRIGGER keep_default_workspace BEFORE DELETE ON workspaces
  FOR EACH ROW EXECUTE FUNCTION keep_default_workspace();

CREATE TABLE workspace_members (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role user_role NOT NULL DEFAULT 'Viewer',
  invited_by uuid,
  last_seen_at timestamptz(6),
  cursor jsonb,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT workspace_members_pkey PRIMARY KEY (id),
  CONSTRAINT workspace_members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT workspace_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT workspace_members_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT workspace_members_cursor_is_small_object CHECK (
    jsonb_typeof(cursor) = 'object' AND octet_length(cursor::text) <= 4096
  )
);

CREATE UNIQUE INDEX workspace_members_workspace_id_user_id_key ON workspace_members (workspace_id, user_id);
CREATE INDEX workspace_members_user_id_idx ON workspace_members (user_id);
CREATE INDEX workspace_members_invited_by_idx ON workspace_members (invited_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON workspace_members
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
