-- Trained models: from what, how good, and which one is in use.

CREATE TYPE ml_model_kind AS ENUM ('cookie_classifier', 'anomaly_detector');
CREATE TYPE ml_model_format AS ENUM ('json', 'onnx');
CREATE TYPE ml_model_state AS ENUM ('candidate', 'active', 'retired');

CREATE TABLE ml_models (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  name text NOT NULL,
  version text NOT NULL,
  kind ml_model_kind NOT NULL,
  format ml_model_format NOT NULL,
  state ml_model_state NOT NULL DEFAULT 'candidate',
  training_data_sha256 text NOT NULL,
  -- Measured on data that was kept back: precision, recall and the like.
  quality jsonb NOT NULL DEFAULT '{}',
  artifact_key text NOT NULL,
  artifact_sha256 text NOT NULL,
  artifact_size_bytes bigint NOT NULL,
  activated_at timestamptz(6),
  retired_at timestamptz(6),
  created_by uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT ml_models_pkey PRIMARY KEY (id),
  CONSTRAINT ml_models_created_by_fkey FOREIGN KEY (created_by) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT ml_models_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT ml_models_version_format CHECK (version ~ '^[0-9A-Za-z][0-9A-Za-z.+-]{0,63}$'),
  CONSTRAINT ml_models_sha256_format CHECK (
    training_data_sha256 ~ '^[0-9a-f]{64}$' AND artifact_sha256 ~ '^[0-9a-f]{64}$'
  ),
  CONSTRAINT ml_models_quality_is_object CHECK (jsonb_typeof(quality) = 'object'),
  CONSTRAINT ml_models_artifact_key_length CHECK (char_length(artifact_key) BETWEEN 1 AND 1024),
  CONSTRAINT ml_models_artifact_size_positive CHECK (artifact_size_bytes > 0),
  CONSTRAINT ml_models_active_was_activated CHECK (state <> 'active' OR activated_at IS NOT NULL),
  CONSTRAINT ml_models_retired_has_time CHECK ((state = 'retired') = (retired_at IS NOT NULL))
);

CREATE UNIQUE INDEX ml_models_name_version_key ON ml_models (name, version);
CREATE UNIQUE INDEX ml_models_active_key ON ml_models (kind) WHERE state = 'active';
CREATE INDEX ml_models_created_by_idx ON ml_models (created_by);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON ml_models
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
