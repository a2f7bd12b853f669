import { readFileSync } from 'node:fs';
import * as contracts from '@cookie-scanner/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RETENTION_KINDS } from './retention/retention.repository.ts';
import { createTestDatabase, type TestDatabase } from './testing/create-test-database.ts';

/** Tables whose rows never change. */
const APPEND_ONLY = ['audit_anchors', 'audit_logs'];

/** PostgreSQL's enums, each with the contract that has the same words in the same order. */
const WORDS = {
  annotation_kind: contracts.annotationKindSchema,
  annotation_target: contracts.annotationTargetSchema,
  anomaly_kind: contracts.anomalyKindSchema,
  audit_anchor_kind: contracts.auditAnchorKindSchema,
  audit_actor_kind: contracts.auditActorKindSchema,
  audit_outcome: contracts.auditOutcomeSchema,
  baseline_state: contracts.baselineStateSchema,
  classification_source: contracts.classificationSourceSchema,
  confidence: contracts.confidenceSchema,
  consent_state: contracts.consentStateSchema,
  cookie_category: contracts.cookieCategorySchema,
  cookie_party: contracts.cookiePartySchema,
  cookie_same_site: contracts.cookieSameSiteSchema,
  domain_state: contracts.domainStateSchema,
  finding_state: contracts.findingStateSchema,
  misfire_policy: contracts.misfirePolicySchema,
  ml_model_format: contracts.mlModelFormatSchema,
  ml_model_kind: contracts.mlModelKindSchema,
  ml_model_state: contracts.mlModelStateSchema,
  notification_channel: contracts.notificationChannelSchema,
  notification_event: contracts.notificationEventSchema,
  notification_frequency: contracts.notificationFrequencySchema,
  notification_state: contracts.notificationStatusSchema,
  outcome: contracts.outcomeSchema,
  overlap_policy: contracts.overlapPolicySchema,
  plugin_permission: contracts.pluginPermissionSchema,
  plugin_runtime: contracts.pluginRuntimeSchema,
  plugin_state: contracts.pluginStateSchema,
  report_format: contracts.reportFormatSchema,
  report_state: contracts.reportStateSchema,
  report_type: contracts.reportTypeSchema,
  scan_status: contracts.scanStatusSchema,
  scan_trigger: contracts.scanTriggerSchema,
  schedule_execution_status: contracts.scheduleExecutionStatusSchema,
  schedule_frequency: contracts.scheduleFrequencySchema,
  schedule_state: contracts.scheduleStateSchema,
  session_end_reason: contracts.sessionEndReasonSchema,
  setter_confidence: contracts.setterConfidenceSchema,
  setter_kind: contracts.setterKindSchema,
  severity: contracts.severitySchema,
  storage_kind: contracts.storageKindSchema,
  token_kind: contracts.tokenKindSchema,
  user_role: contracts.userRoleSchema,
  user_state: contracts.userStateSchema,
  webhook_delivery_state: contracts.webhookDeliveryStateSchema,
  webhook_state: contracts.webhookStateSchema,
};

describe('the schema', () => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
  });
  afterAll(() => test.drop());

  it('uses exactly the words of the contracts', async () => {
    const rows = await test.sql<{ name: string; words: string[] }>(
      `SELECT typname AS name, array_agg(enumlabel::text ORDER BY enumsortorder) AS words
         FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid GROUP BY typname`,
    );
    expect(Object.fromEntries(rows.map(({ name, words }) => [name, words]))).toEqual(
      Object.fromEntries(Object.entries(WORDS).map(([name, schema]) => [name, schema.options])),
    );
  });

  it('has every role and every profile that comes with the platform', async () => {
    const roles = await test.sql<{ name: string }>('SELECT name FROM roles ORDER BY name');
    expect(roles.map(({ name }) => name)).toEqual(contracts.userRoleSchema.options);
    const profiles = await test.sql<{ slug: string; params: object }>(
      'SELECT slug, params FROM scan_profiles WHERE workspace_id IS NULL ORDER BY slug',
    );
    expect(profiles.map(({ slug }) => slug)).toEqual(['consent-audit', 'deep', 'quick', 'standard']);
    for (const { params } of profiles) expect(contracts.scanParamsSchema.parse(params)).toMatchObject(params);
  });

  it('keeps created_at and updated_at itself in every table, whatever an update says', async () => {
    const tables = await test.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
          AND relname <> '_prisma_migrations' ORDER BY 1`,
    );
    const triggers = await test.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE tgname = 'keep_timestamps' AND NOT relispartition ORDER BY 1`,
    );
    const names = tables.map(({ name }) => name).filter((name) => !APPEND_ONLY.includes(name));
    expect(triggers.map(({ name }) => name)).toEqual(names);

    await test.sql(`INSERT INTO outbox_events (queue, payload, created_at, updated_at)
      VALUES ('scan-site', '{}', '2000-01-01', '2000-01-01')`);
    await test.sql(`UPDATE outbox_events SET created_at = now(), updated_at = '1999-01-01'`);
    expect(
      await test.sql(
        `SELECT created_at = '2000-01-01' AS kept, updated_at > '2020-01-01' AS moved FROM outbox_events`,
      ),
    ).toEqual([{ kept: true, moved: true }]);
  });

  it('has an index for every foreign key, so that no deletion reads a whole table', async () => {
    const missing = await test.sql(
      `SELECT conrelid::regclass::text AS table_name, conname FROM pg_constraint
        WHERE contype = 'f' AND conparentid = 0 AND NOT EXISTS (
          SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1]
             AND (indpred IS NULL OR pg_get_expr(indpred, indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$'))`,
    );
    expect(missing).toEqual([]);
  });

  it('has a line in docs/DATA.md for every table, which says what removes its rows or why nothing does', async () => {
    const tables = await test.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
    );
    const text = readFileSync(new URL('../../../docs/DATA.md', import.meta.url), 'utf8');
    const [, section = ''] = text.split('| table | what removes its rows |');
    const lines = [...section.matchAll(/^\| (`[^|]+) \| ([^|]+) \|$/gm)].map(
      ([, names = '', remover = '']) => ({
        names: [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
        remover,
      }),
    );
    const described = new Set(lines.flatMap(({ names }) => names));
    expect(tables.map(({ name }) => name).filter((name) => !described.has(name))).toEqual([]);
    for (const { names, remover } of lines) {
      expect({ names, remover }).toMatchObject({
        remover: expect.stringMatching(/retention `|with |scheduler|never/),
      });
    }
    const removers = lines.flatMap(({ remover }) =>
      [...remover.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name),
    );
    expect(removers.sort()).toEqual([...RETENTION_KINDS].sort());
  });

  it('says for every foreign key what becomes of the row when the other one goes', async () => {
    const silent = await test.sql(
      `SELECT conname FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND confdeltype = 'a'`,
    );
    expect(silent).toEqual([]);
  });

  it('gives every row of a scan, a person or a workspace a UUID of its own making', async () => {
    const others = await test.sql(
      `SELECT c.relname FROM pg_class c
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
         LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relname <> '_prisma_migrations' AND pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM 'gen_random_uuid()'
        ORDER BY 1`,
    );
    // These are a place of a chain, and which of one belongs to which of another; they have no other identity.
    const known = ['audit_anchors', 'plugin_workspaces', 'user_roles'];
    expect(others).toEqual(known.map((relname) => ({ relname })));
  });
});
