-- What people note, and the references that research workspaces attach: genes, pathways, papers.

CREATE TYPE annotation_kind AS ENUM ('note', 'gene', 'pathway', 'paper');
CREATE TYPE annotation_target AS ENUM ('domain', 'scan', 'cookie', 'finding', 'report');

CREATE TABLE annotations (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  kind annotation_kind NOT NULL DEFAULT 'note',
  target annotation_target NOT NULL,
  domain_config_id uuid,
  scan_id uuid,
  report_id uuid,
  -- Which cookie of the scan (its identity) or which finding (its fingerprint); both outlive the rows themselves.
  subject text,
  body text NOT NULL DEFAULT '',
  -- Gene symbol, pathway id, DOI.
  reference text,
  detail jsonb NOT NULL DEFAULT '{}',
  author_id uuid,
  created_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  updated_at timestamptz(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT annotations_pkey PRIMARY KEY (id),
  CONSTRAINT annotations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT annotations_domain_config_id_fkey FOREIGN KEY (domain_config_id) REFERENCES domain_configs (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT annotations_scan_id_fkey FOREIGN KEY (scan_id) REFERENCES scan_results (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT annotations_report_id_fkey FOREIGN KEY (report_id) REFERENCES reports (id)
    ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT annotations_author_id_fkey FOREIGN KEY (author_id) REFERENCES users (id)
    ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT annotations_hangs_on_its_target CHECK (
    num_nonnulls(domain_config_id, scan_id, report_id) = 1
    AND (target = 'domain') = (domain_config_id IS NOT NULL)
    AND (target = 'report') = (report_id IS NOT NULL)
    AND (target IN ('cookie', 'finding')) = (subject IS NOT NULL)
  ),
  CONSTRAINT annotations_subject_format CHECK (subject ~ '^[0-9a-f]{64}$'),
  CONSTRAINT annotations_body_length CHECK (char_length(body) <= 20000),
  CONSTRAINT annotations_says_something CHECK (
    CASE WHEN kind = 'note' THEN char_length(body) > 0 ELSE reference IS NOT NULL END
  ),
  CONSTRAINT annotations_reference_length CHECK (char_length(reference) BETWEEN 1 AND 500),
  CONSTRAINT annotations_detail_is_small_object CHECK (
    jsonb_typeof(detail) = 'object' AND octet_length(detail::text) <= 262144
  )
);

CREATE INDEX annotations_workspace_id_created_at_id_idx ON annotations (workspace_id, created_at DESC, id DESC);
CREATE INDEX annotations_domain_config_id_idx ON annotations (domain_config_id) WHERE domain_config_id IS NOT NULL;
CREATE INDEX annotations_scan_id_idx ON annotations (scan_id) WHERE scan_id IS NOT NULL;
CREATE INDEX annotations_report_id_idx ON annotations (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX annotations_author_id_idx ON annotations (author_id);

CREATE TRIGGER keep_timestamps BEFORE UPDATE ON annotations
  FOR EACH ROW EXECUTE FUNCTION keep_timestamps();
