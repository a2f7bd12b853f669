-- A database as the first release left it, with scans in every state. Loaded after the first migration alone.

INSERT INTO scan_results (
  id, requested_url, final_url, params, status, status_reason, attempt, attempts_max, worker_id, queued_at, started_at,
  finished_at, settled_at, duration_ms, totals, quality, engine_version, browser_version, observation_key,
  observation_sha256, observation_size_bytes)
VALUES
  ('a0000000-0000-4000-8000-000000000001', 'https://Shop.Example:8443/start?x=1', 'https://shop.example/',
   '{"mode": "quick", "timeoutMs": 60000}', 'success', NULL, 1, 3, 'worker-1', '2024-02-29 23:59:00+00',
   '2024-02-29 23:59:01+00', '2024-02-29 23:59:59.123456+00', '2024-03-01 00:00:10+00', 1200,
   '{"cookies": 2, "firstPartyCookies": 2, "thirdPartyCookies": 0, "transientCookies": 0, "blockedCookies": 0,
     "storageItems": 0, "requests": 1, "thirdPartyRequests": 0, "hosts": 1, "pages": 1}', '{}', '0.1.0', 'Chrome/156', 'scans/1/1/observation.json.gz', repeat('ab', 32), 512),
  ('a0000000-0000-4000-8000-000000000002', 'https://user:secret@shop.example./', 'https://shop.example/',
   '{"mode": "deep", "timeoutMs": 60000}', 'partial', 'timeout', 2, 3, 'worker-2', '2024-03-01 00:00:00+00',
   '2024-03-01 00:00:01+00', '2024-03-01 00:01:00+00', NULL, 60000,
   '{"cookies": 1, "firstPartyCookies": 1, "thirdPartyCookies": 0, "transientCookies": 0, "blockedCookies": 0,
     "storageItems": 0, "requests": 1, "thirdPartyRequests": 0, "hosts": 1, "pages": 1}', '{}', '0.1.0', 'Chrome/156', 'scans/2/2/observation.json.gz', repeat('cd', 32), 512);

INSERT INTO scan_results (id, requested_url, params, status, status_reason, finished_at, queued_at) VALUES
  ('a0000000-0000-4000-8000-000000000003', 'https://gone.example/', '{}', 'failed', 'worker_crashed',
   '2026-01-01', '2026-01-01'),
  ('a0000000-0000-4000-8000-000000000004', 'no URL at all', '{}', 'cancelled', NULL, '2026-01-01', '2026-01-01');

INSERT INTO scan_results (id, requested_url, params) VALUES
  ('a0000000-0000-4000-8000-000000000005', 'https://waiting.example/', '{}');

INSERT INTO cookies (
  id, scan_id, position, name, value_hash, size_bytes, domain, host_only, path, http_only, secure, same_site, expires_at,
  party, consent_states, pages, set_by_kind, set_by_initiators, set_by_confidence, events, created_at, updated_at)
SELECT gen_random_uuid(), scan_id::uuid, position, name, repeat('ab', 32), 10, '.shop.example', false, '/', true, true,
       'Lax', NULL, 'first', '{untouched}', '{https://shop.example/}', 'cookie-store', '{}', 'unknown', '[]', at::timestamptz, at::timestamptz
  FROM (VALUES
    ('a0000000-0000-4000-8000-000000000001', 0, 'session', '2024-02-29 23:59:59.123456+00'),
    ('a0000000-0000-4000-8000-000000000001', 1, E'tracker\\u0000', '2024-02-29 23:59:59.123456+00'),
    ('a0000000-0000-4000-8000-000000000002', 0, 'session', '2024-03-01 00:01:00+00')
  ) AS seen (scan_id, position, name, at);

INSERT INTO reports (scan_id, format, state, artifact_key, artifact_sha256, artifact_size_bytes) VALUES
  ('a0000000-0000-4000-8000-000000000001', 'html', 'ready', 'reports/1.html', repeat('ef', 32), 100);
INSERT INTO reports (scan_id, format) VALUES ('a0000000-0000-4000-8000-000000000002', 'json');

INSERT INTO notifications (event_id, event, scan_id, channel, recipient, subject, body, state, sent_at) VALUES
  (gen_random_uuid(), 'scan_finished', 'a0000000-0000-4000-8000-000000000001', 'in_app', 'everyone', 'Scan', '', 'sent',
   '2024-03-01');

INSERT INTO outbox_events (queue, payload) VALUES
  ('scan-site', '{"scanId": "a0000000-0000-4000-8000-000000000005", "offer": 0}');
