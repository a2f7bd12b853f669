-- What a workspace is for, in a few lines.

ALTER TABLE workspaces
  ADD COLUMN description text NOT NULL DEFAULT '',
  ADD CONSTRAINT workspaces_description_length CHECK (char_length(description) <= 2000);
