-- When the link that a token opens was mailed, so that a job that runs again mails it no second time.
ALTER TABLE user_tokens ADD COLUMN mailed_at timestamptz(6);
