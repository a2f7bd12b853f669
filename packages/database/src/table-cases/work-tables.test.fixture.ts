import { randomUUID } from 'node:crypto';
import {
  BIG_JSON,
  freshHash,
  list,
  SHA256,
  type Row,
  type RowMaker,
  type TableCase,
} from './table-case.test.fixture.ts';

const LATER = '2100-01-01';
const EARLIER = '2000-01-01';
const SOME_ID = '00000000-0000-4000-8000-000000000009';

const SCHEDULE = {
  name: 'Nightly',
  labels: '{shop}',
  frequency: 'daily',
  timing: '{"frequency": "daily", "timeOfDay": "03:00"}',
  next_planned_at: LATER,
  next_run_at: LATER,
};
const ARTIFACT = { artifact_key: 'x', artifact_sha256: SHA256, artifact_size_bytes: 1 };

async function schedule(make: RowMaker): Promise<Row> {
  const workspaceId = await make.workspace();
  const profile = await make.insert('scan_profiles', {
    workspace_id: workspaceId,
    slug: 'quick',
    name: 'Quick',
    params: '{}',
  });
  return { workspace_id: workspaceId, profile_id: profile['id'], ...SCHEDULE };
}

async function endpoint(make: RowMaker): Promise<Row> {
  return {
    workspace_id: await make.workspace(),
    url: 'https://hooks.example/scan',
    secret_encrypted: Buffer.alloc(32),
    events: '{scan_finished}',
  };
}

/** What is to be done, when, and who is told. */
export const WORK_TABLES: readonly TableCase[] = [
  {
    table: 'workers',
    good: () => ({ name: randomUUID(), labels: '{region=eu}', version: '1.0.0', slots: 2 }),
    breaks: [
      ['without a name', { name: '' }, 'name_length'],
      ['with too many labels', { labels: list(4) }, 'labels_size'],
      ['with an endless label', { labels: list(1, 'x'.repeat(301)) }, 'labels_size'],
      ['without a version', { version: '' }, 'version_length'],
      ['without slots', { slots: 0 }, 'slots_range'],
      ['with less than nothing to do', { running: -1 }, 'running_range'],
    ],
  },
  {
    table: 'removed_files',
    good: () => ({ prefix: 'scans/1' }),
    breaks: [['that are all there are', { prefix: '' }, 'prefix_length']],
  },
  {
    table: 'idempotency_keys',
    good: async (make) => ({
      workspace_id: await make.workspace(),
      key: 'order-1',
      request_hash: SHA256,
      expires_at: LATER,
    }),
    breaks: [
      ['without a key', { key: '' }, 'key_length'],
      ['with an endless key', { key: 'x'.repeat(256) }, 'key_length'],
      ['with something else for a hash', { request_hash: 'x' }, 'request_hash_format'],
      ['of nobody', { workspace_id: null }, 'one_owner'],
    ],
  },
  {
    table: 'schedules',
    good: schedule,
    breaks: [
      ['without a name', { name: '' }, 'name_length'],
      ['of nothing', { labels: '{}' }, 'has_target'],
      ['of endless sites', { labels: '{}', domain_ids: list(1_001, SOME_ID) }, 'has_target'],
      ['of sites and labels', { domain_ids: `{${SOME_ID}}` }, 'has_target'],
      ['with timing of another frequency', { frequency: 'cron' }, 'timing_says_frequency'],
      ['with timing that is a list', { timing: '[]' }, 'timing_is_object'],
      ['with a jitter of days', { jitter_ms: 1e9 }, 'jitter_range'],
      ['with half of quiet hours', { quiet_from: '22:00' }, 'quiet_hours_whole'],
      ['with quiet hours of words', { quiet_from: 'noon', quiet_to: '13:00' }, 'quiet_hours_format'],
      ['with half of a next run', { state: 'paused', next_run_at: null }, 'next_run_is_planned'],
      ['that begins before it is planned', { next_planned_at: '2999-01-02' }, 'begins_after_plan'],
      ['in a time zone that is an offset', { time_zone: '+03:00' }, 'time_zone_format'],
      ['active without a next run', { next_run_at: null, next_planned_at: null }, 'active_has_next_run'],
      ['finished with a next run', { state: 'finished' }, 'finished_has_no_next_run'],
      ['that ends before it starts', { starts_at: LATER, ends_at: EARLIER }, 'ends_after_start'],
    ],
  },
  {
    table: 'schedule_executions',
    good: async (make) => ({
      schedule_id: (await make.insert('schedules', await schedule(make)))['id'],
      planned_at: LATER,
    }),
    breaks: [
      ['with an empty reason', { status_reason: '' }, 'reason_length'],
      ['with more scans failed than planned', { scans_planned: 1, scans_failed: 2 }, 'scan_counts'],
      ['planned with a start', { started_at: LATER }, 'planned_is_not_started'],
      ['running without a start', { status: 'running' }, 'running_is_started'],
      ['ended at no time', { status: 'success' }, 'ended_has_time'],
      [
        'ended before it started',
        { status: 'failed', started_at: LATER, finished_at: EARLIER },
        'finished_after_start',
      ],
    ],
  },
  {
    table: 'outbox_events',
    good: () => ({ queue: 'scan-site', payload: '{}' }),
    breaks: [
      ['for a queue with a colon', { queue: 'scan:site' }, 'queue_format'],
      ['without an object', { payload: '[]' }, 'payload_is_object'],
      ['with page data', { payload: JSON.stringify({ html: 'x'.repeat(20_000) }) }, 'payload_size'],
      ['both sent and refused', { sent_at: LATER, refused_reason: 'x' }, 'sent_or_refused'],
    ],
  },
  {
    table: 'reports',
    good: async (make) => ({ scan_id: await make.scan(), format: 'html' }),
    breaks: [
      ['ready without a file', { state: 'ready' }, 'ready_has_artifact'],
      ['queued with a file', ARTIFACT, 'ready_has_artifact'],
      ['with half a file', { ...ARTIFACT, state: 'ready', artifact_sha256: null }, 'artifact_is_whole'],
      ['with another hash', { ...ARTIFACT, state: 'ready', artifact_sha256: 'x' }, 'artifact_sha256_format'],
      [
        'of negative size',
        { ...ARTIFACT, state: 'ready', artifact_size_bytes: -1 },
        'artifact_size_not_negative',
      ],
      ['failed without a reason', { state: 'failed' }, 'failed_has_reason'],
      ['failed for an empty reason', { state: 'failed', failure_reason: '' }, 'reason_length'],
      ['on a scan that it does not name', { scan_id: null }, 'scan_type_has_scan'],
      ['on trends that names a scan', { type: 'trends' }, 'scan_type_has_scan'],
      ['with an empty title', { title: '' }, 'title_length'],
      ['with parameters that are a list', { parameters: '[]' }, 'parameters_is_object'],
    ],
  },
  {
    table: 'notifications',
    good: () => ({
      event_id: randomUUID(),
      event: 'scan_finished',
      channel: 'email',
      recipient: 'team@example.org',
      subject: 'x',
      body: '',
    }),
    breaks: [
      ['to nobody', { recipient: '' }, 'recipient_length'],
      ['with an endless subject', { subject: 'x'.repeat(999) }, 'subject_length'],
      ['with an endless body', { body: 'x'.repeat(1_048_577) }, 'body_size'],
      ['sent at no time', { state: 'sent' }, 'sent_has_time'],
      ['failed without a reason', { state: 'failed' }, 'failed_has_reason'],
      ['failed for an empty reason', { state: 'failed', failure_reason: '' }, 'reason_length'],
      ['tried fewer than no times', { attempt: -1 }, 'attempt_not_negative'],
      ['read though it went by mail', { read_at: LATER }, 'only_in_app_is_read'],
    ],
  },
  {
    table: 'notification_preferences',
    good: async (make) => ({ user_id: await make.user(), event: 'scan_finished', channel: 'email' }),
    breaks: [
      ['quiet without an end', { quiet_from_minute: 0 }, 'quiet_is_whole'],
      ['quiet beyond midnight', { quiet_from_minute: 0, quiet_until_minute: 1_440 }, 'quiet_range'],
      ['in a time zone that is an offset', { time_zone: '+03:00' }, 'time_zone_format'],
    ],
  },
  {
    table: 'notification_templates',
    good: async (make) => ({
      workspace_id: await make.workspace(),
      event: 'scan_finished',
      channel: 'email',
      subject: 'x',
      body: 'x',
    }),
    breaks: [
      ['in no language', { locale: 'english' }, 'locale_format'],
      ['of no version', { version: 0 }, 'version_positive'],
      ['without a subject', { subject: '' }, 'subject_length'],
      ['without a body', { body: '' }, 'body_size'],
    ],
  },
  {
    table: 'webhook_endpoints',
    good: endpoint,
    breaks: [
      ['of another scheme', { url: 'ftp://hooks.example/' }, 'url_format'],
      ['with a password in the URL', { url: 'https://ada:secret@hooks.example/' }, 'url_format'],
      ['with an endless description', { description: 'x'.repeat(2_001) }, 'description_length'],
      ['without a secret', { secret_encrypted: Buffer.alloc(0) }, 'secret_size'],
      ['for no event', { events: '{}' }, 'events_count'],
      ['failed fewer than no times', { consecutive_failures: -1 }, 'failures_not_negative'],
      ['broken at no time', { state: 'broken' }, 'broken_has_time'],
      [
        'with an old secret for ever',
        { previous_secret_encrypted: Buffer.alloc(16) },
        'previous_secret_is_whole',
      ],
      [
        'with an old secret of nothing',
        { previous_secret_encrypted: Buffer.alloc(0), previous_secret_until: '2030-01-01' },
        'previous_secret_size',
      ],
    ],
  },
  {
    table: 'webhook_deliveries',
    good: async (make) => ({
      endpoint_id: (await make.insert('webhook_endpoints', await endpoint(make)))['id'],
      event_id: randomUUID(),
      event: 'scan_finished',
      payload: '{}',
    }),
    breaks: [
      ['of a list', { payload: '[]' }, 'payload_is_small_object'],
      ['of endless size', { payload: BIG_JSON }, 'payload_is_small_object'],
      ['tried fewer than no times', { attempt: -1 }, 'attempt_not_negative'],
      ['answered with no status', { response_status: 99 }, 'response_status_range'],
      ['pending for ever', { next_attempt_at: null }, 'open_has_next_attempt'],
      ['delivered at no time', { state: 'delivered', next_attempt_at: null }, 'delivered_has_time'],
      ['failed without a reason', { state: 'failed' }, 'failed_has_reason'],
      ['failed for an empty reason', { state: 'failed', failure_reason: '' }, 'reason_length'],
    ],
  },
  {
    table: 'ml_models',
    good: () => ({
      name: `model-${randomUUID()}`,
      version: '1.0.0',
      kind: 'cookie_classifier',
      format: 'json',
      training_data_sha256: freshHash(),
      artifact_key: 'models/1.json',
      artifact_sha256: freshHash(),
      artifact_size_bytes: 1,
    }),
    breaks: [
      ['without a name', { name: '' }, 'name_length'],
      ['of a version that is a sentence', { version: 'the first' }, 'version_format'],
      ['trained on who knows what', { training_data_sha256: 'x' }, 'sha256_format'],
      ['with quality that is a list', { quality: '[]' }, 'quality_is_object'],
      ['without a file', { artifact_key: '' }, 'artifact_key_length'],
      ['with an empty file', { artifact_size_bytes: 0 }, 'artifact_size_positive'],
      ['active since no time', { state: 'active' }, 'active_was_activated'],
      ['retired at no time', { state: 'retired' }, 'retired_has_time'],
    ],
  },
  {
    table: 'plugins',
    good: () => ({
      name: `plugin-${randomUUID()}`,
      version: '1.0.0',
      runtime: 'rules',
      manifest: '{}',
      source_sha256: freshHash(),
    }),
    breaks: [
      ['with a name that is a sentence', { name: 'My plugin' }, 'name_format'],
      ['of a version that is a sentence', { version: 'the first' }, 'version_format'],
      ['with a manifest that is a list', { manifest: '[]' }, 'manifest_is_small_object'],
      ['with an endless manifest', { manifest: BIG_JSON }, 'manifest_is_small_object'],
      ['of an unknown source', { source_sha256: 'x' }, 'source_sha256_format'],
      ['with an empty place of its file', { artifact_key: '' }, 'artifact_key_length'],
      [
        'that may something before approval',
        { permissions_granted: '{read_cookies}' },
        'pending_has_no_permissions',
      ],
      ['enabled at no time', { state: 'enabled' }, 'decided_has_time'],
      ['in a state for an empty reason', { state_reason: '' }, 'state_reason_length'],
    ],
  },
  {
    table: 'plugin_workspaces',
    good: async (make) => ({
      workspace_id: await make.workspace(),
      plugin_id: (
        await make.insert('plugins', {
          name: `plugin-${randomUUID()}`,
          version: '1.0.0',
          runtime: 'rules',
          manifest: '{}',
          source_sha256: freshHash(),
        })
      )['id'],
    }),
    breaks: [['with settings that are a list', { settings: '[]' }, 'settings_is_small_object']],
  },
  {
    table: 'audit_anchors',
    good: () => ({
      ...{ chain: randomUUID(), kind: 'head', sequence: 1, hash: SHA256, signed_at: new Date() },
      ...{ key_id: 'ab'.repeat(8), signature: 'A'.repeat(86) },
    }),
    breaks: [
      ['of no place', { sequence: 0 }, 'sequence_positive'],
      ['without a hash', { hash: '' }, 'hash_format'],
      ['by no key', { key_id: 'mine' }, 'key_id_format'],
      ['without a signature', { signature: '' }, 'signature_format'],
    ],
  },
  {
    table: 'audit_logs',
    good: () => ({ actor_kind: 'system', action: 'retention.apply' }),
    breaks: [
      ['of a user who is nobody', { actor_kind: 'user' }, 'actor_is_known'],
      ['of a system that is somebody', { actor_id: randomUUID() }, 'actor_is_known'],
      ['of a sentence', { action: 'Apply retention' }, 'action_format'],
      ['of an endless client', { user_agent: 'x'.repeat(1_025) }, 'text_lengths'],
      ['with endless details', { after: BIG_JSON }, 'detail_size'],
    ],
  },
];
