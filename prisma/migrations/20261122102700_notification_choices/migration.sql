-- What each person wants to hear by which way, and the wording of what is sent.

CREATE TYPE notification_frequency AS ENUM ('immediate', 'daily', 'weekly');

CREATE TABLE notification_preferences (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  event notification_event NOT NULL,
  channel notification_channel NOT NULL,
  is_enabled boolean NOT NULL DEFAULT true,
  frequency notification_frequency NOT NULL DEFAULT 'immediate',
  severity_min severity NOT NULL DEFAULT 'info',
  -- Local minutes of the day between which nothing is sent at once; null together.
  quiet_from_minute integer,
  quiet_until_minute integer,
  time_zone text NOT NULL DEFAULT 'UTC',
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT notification_preferences_pkey PRIMARY KEY (id),
  CONSTRAINT notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT notification_preferences_quiet_is_whole CHECK (
    num_nonnulls(quiet_from_minute, quiet_until_minute) IN (0, 2)
  ),
  CONSTRAINT notification_preferences_quiet_range CHECK (
    quiet_from_minute BETWEEN 0 AND 1439 AND quiet_until_minute BETWEEN 0 AND 1439
  ),
  CONSTRAINT notification_preferences_time_zone_format CHECK (
    time_zone ~ '^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}$' AND char_length(time_zone) <= 64
  )
);

CREATE UNIQUE INDEX notification_preferences_user_id_event_channel_key
  ON notification_preferences (user_id, event, channel);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON notification_preferences
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();

CREATE TABLE notification_templates (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- Null for the wording that comes with the platform.
  workspace_id uuid,
  event notification_event NOT NULL,
  channel notification_channel NOT NULL,
  locale text NOT NULL DEFAULT 'en',
  version integer NOT NULL DEFAULT 1,
  subject text NOT NULL,
  body text NOT NULL,
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT notification_templates_pkey PRIMARY KEY (id),
  CONSTRAINT notification_templates_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT notification_templates_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT notification_templates_locale_format CHECK (locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  CONSTRAINT notification_templates_version_positive CHECK (version > 0),
  CONSTRAINT notification_templates_subject_length CHECK (char_length(subject) BETWEEN 1 AND 998),
  CONSTRAINT notification_templates_body_size CHECK (octet_length(body) BETWEEN 1 AND 262144)
);

CREATE UNIQUE INDEX notification_templates_of_workspace_key
  ON notification_templates (workspace_id, event, channel, locale, version) WHERE workspace_id IS NOT NULL;
CREATE UNIQUE INDEX notification_templates_built_in_key
  ON notification_templates (event, channel, locale, version) WHERE workspace_id IS NULL;
CREATE INDEX notification_templates_created_by_idx ON notification_templates (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON notification_templates
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
