-- People tell the profiles of a workspace apart by their names, whatever the case. The first version stands for all of
-- them; a retired profile gives its name back.

CREATE UNIQUE INDEX scan_profiles_name_key
  ON scan_profiles (workspace_id, lower(name)) WHERE version = 1 AND retired_at IS NULL;
