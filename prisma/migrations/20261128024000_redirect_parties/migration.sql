-- Cookies of sites that led to the page that was shown, and pages that a scan left out because the site asks robots to.

ALTER TABLE cookies
  ADD COLUMN is_redirect_party boolean NOT NULL DEFAULT false;

ALTER TABLE scan_results
  ADD COLUMN skipped_pages jsonb NOT NULL DEFAULT '[]';
