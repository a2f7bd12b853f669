import { randomUUID } from 'node:crypto';
import { freshHash, list, type TableCase } from './table-case.test.fixture.ts';

const LATER = '2100-01-01';

/** Accounts, roles, keys, sessions and workspaces. */
export const ACCOUNT_TABLES: readonly TableCase[] = [
  {
    table: 'users',
    good: () => ({ email: `${randomUUID()}@example.org`, display_name: 'Ada' }),
    breaks: [
      ['without an address', { email: 'ada' }, 'email_format'],
      ['with an address in capitals', { email: 'Ada@example.org' }, 'email_format'],
      ['with an address of two lines', { email: 'ada@example.org\n' }, 'email_format'],
      ['with an endless address', { email: `${'x'.repeat(250)}@x.org` }, 'email_length'],
      ['without a name', { display_name: '' }, 'display_name_length'],
      ['with an endless name', { display_name: 'x'.repeat(201) }, 'display_name_length'],
      [
        'with a password in place of its hash',
        { password_hash: 'correct horse battery' },
        'password_hash_format',
      ],
      ['with a negative token version', { token_version: -1 }, 'token_version_not_negative'],
      ['with a code from before time', { totp_last_step: -1 }, 'totp_last_step_not_negative'],
      ['with a second factor but no secret', { mfa_enabled_at: LATER }, 'mfa_has_secret'],
      ['with recovery codes for nothing', { recovery_code_hashes: list(1) }, 'recovery_codes_need_mfa'],
      [
        'with too many recovery codes',
        { recovery_code_hashes: list(21), mfa_enabled_at: LATER, totp_secret_encrypted: '\\x00' },
        'recovery_codes_need_mfa',
      ],
      ['with fewer than no failures', { failed_login_count: -1 }, 'failed_login_count_not_negative'],
      ['with an endless zone', { time_zone: 'x'.repeat(101) }, 'time_zone_length'],
      ['signed in before accepting the invitation', { last_login_at: LATER }, 'invited_has_no_login'],
    ],
  },
  {
    table: 'roles',
    // Every role is there from the start, so a good row is the change of one.
    good: () => ({ name: 'Admin', description: 'x' }),
    breaks: [
      ['without a description', { description: '' }, 'description_length'],
      ['with an endless description', { description: 'x'.repeat(1_001) }, 'description_length'],
    ],
  },
  {
    table: 'api_keys',
    good: async (make) => ({
      user_id: await make.user(),
      workspace_id: await make.workspace(),
      name: 'Build',
      prefix: freshHash().slice(0, 12),
      key_hash: freshHash(),
      scopes: '{scans:read}',
    }),
    breaks: [
      ['without a name', { name: '' }, 'name_length'],
      ['with a prefix of other characters', { prefix: 'cks-live' }, 'prefix_format'],
      ['with the key in place of its hash', { key_hash: 'cks_live_secret' }, 'key_hash_format'],
      ['that may do nothing', { scopes: '{}' }, 'scopes_count'],
      ['with endless scopes', { scopes: list(101) }, 'scopes_count'],
      ['that may never be used', { rate_limit_per_minute: 0 }, 'rate_limit_range'],
      ['that expired before it was made', { expires_at: '2000-01-01' }, 'expires_after_creation'],
      ['that works from endless places', { caller_networks: list(51) }, 'caller_networks_count'],
      ['taken away by somebody at no time', { revoked_by: 'user' }, 'revoker_means_revoked'],
    ],
  },
  {
    table: 'passkeys',
    good: async (make) => ({
      user_id: await make.user(),
      name: 'Phone',
      credential_id: freshHash(),
      public_key: Buffer.alloc(77),
      challenged_at: LATER,
    }),
    breaks: [
      ['without a name', { name: '' }, 'name_length'],
      ['whose id is no base64url', { credential_id: 'a=b' }, 'credential_id_format'],
      ['without a key', { public_key: Buffer.alloc(0) }, 'public_key_size'],
      ['that signed fewer than no times', { counter: -1 }, 'counter_not_negative'],
      ['with endless transports', { transports: list(11) }, 'transports_count'],
    ],
  },
  {
    table: 'refresh_sessions',
    good: async (make) => ({ user_id: await make.user(), token_hash: freshHash(), expires_at: LATER }),
    breaks: [
      ['with the token in place of its hash', { token_hash: 'secret' }, 'token_hash_format'],
      ['with the old token in place of its hash', { previous_token_hash: 'secret' }, 'token_hash_format'],
      ['renewed fewer than no times', { rotation: -1 }, 'rotation_not_negative'],
      ['of an endless client', { user_agent: 'x'.repeat(1_025) }, 'client_lengths'],
      ['that expired before it began', { expires_at: '2000-01-01' }, 'expires_after_creation'],
      ['that ended for no reason', { ended_at: LATER }, 'ended_has_reason'],
      ['with a reason to have ended', { end_reason: 'logout' }, 'ended_has_reason'],
    ],
  },
  {
    table: 'user_tokens',
    good: async (make) => ({
      user_id: await make.user(),
      kind: 'invitation',
      token_hash: freshHash(),
      expires_at: LATER,
    }),
    breaks: [
      ['that works more than once', { kind: 'refresh' }, 'kind_works_once'],
      ['in place of its hash', { token_hash: 'secret' }, 'token_hash_format'],
      ['that expired before it was made', { expires_at: '2000-01-01' }, 'expires_after_creation'],
    ],
  },
  {
    table: 'workspaces',
    good: () => ({ name: 'Lab', slug: randomUUID() }),
    breaks: [
      ['with a weight of nothing', { scan_weight: 0 }, 'scan_weight_range'],
      ['without a name', { name: '' }, 'name_length'],
      ['with a slug that is no part of a URL', { slug: 'My Lab' }, 'slug_format'],
      ['with an endless slug', { slug: 'x'.repeat(64) }, 'slug_format'],
      ['with an endless description', { description: 'x'.repeat(2_001) }, 'description_length'],
      ['with settings that are a list', { settings: '[]' }, 'settings_is_object'],
    ],
  },
  {
    table: 'workspace_retention',
    good: async (make) => ({ workspace_id: await make.workspace(), scan_days: 90 }),
    breaks: [
      ['that keeps scans for less than no time', { scan_days: -1 }, 'scan_days_range'],
      ['that keeps files for less than no time', { file_days: -1 }, 'file_days_range'],
      ['that forgets what was done a month ago', { audit_days: 30 }, 'audit_days_range'],
    ],
  },
  {
    table: 'workspace_members',
    good: async (make) => ({ workspace_id: await make.workspace(), user_id: await make.user() }),
    breaks: [
      ['with a cursor that is a list', { cursor: '[]' }, 'cursor_is_small_object'],
      [
        'with an endless cursor',
        { cursor: JSON.stringify({ x: 'x'.repeat(5_000) }) },
        'cursor_is_small_object',
      ],
    ],
  },
];
