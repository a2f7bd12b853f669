-- Also requests that belong to no workspace, such as for a new one, are carried out once: then the key is somebody's.

ALTER TABLE idempotency_keys
  ALTER COLUMN workspace_id DROP NOT NULL,
  ADD COLUMN user_id uuid,
  ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  ADD CONSTRAINT idempotency_keys_one_owner CHECK (num_nonnulls(workspace_id, user_id) = 1);

CREATE UNIQUE INDEX idempotency_keys_user_id_key_key ON idempotency_keys (user_id, key);
CREATE INDEX idempotency_keys_user_id_expires_at_idx ON idempotency_keys (user_id, expires_at);
