import {
  auditLogPageSchema,
  baselineApprovalCreateSchema,
  baselineApprovalSchema,
  baselineCreateSchema,
  baselineDetailSchema,
  baselinePageSchema,
  categoryOverrideCreateSchema,
  categoryOverridePageSchema,
  categoryOverrideSchema,
  findingUpdateSchema,
  scanBaselineJudgementSchema,
  invitationAcceptSchema,
  invitationSchema,
  memberInviteSchema,
  memberPageSchema,
  memberSchema,
  memberUpdateSchema,
  ownRetentionUpdateSchema,
  ownWorkspaceListSchema,
  ownWorkspaceSchema,
  userAccessUpdateSchema,
  userPageSchema,
  retentionSchema,
  workspaceCreateSchema,
  workspaceSchema,
  workspaceUpdateSchema,
  apiKeyCreatedSchema,
  apiKeyCreateSchema,
  apiKeyPageSchema,
  apiKeySchema,
  apiKeyUpdateSchema,
  cookiePageSchema,
  cookieSchema,
  createScanBodySchema,
  cookieSightingPageSchema,
  cookieSightingSchema,
  queueSummarySchema,
  roleListSchema,
  scanCountsSchema,
  storageItemPageSchema,
  storageItemSchema,
  topListSchema,
  trendDataSchema,
  bulkScanAnswerSchema,
  bulkScanBodySchema,
  scanBatchPageSchema,
  scanBatchSchema,
  domainConfigCreateSchema,
  domainConfigPageSchema,
  domainConfigSchema,
  domainConfigUpdateSchema,
  scanProfileCreateSchema,
  scanProfilePageSchema,
  scanProfileSchema,
  scanProfileUpdateSchema,
  complianceMetricsSchema,
  findingSchema,
  problemSchema,
  scanDiffSchema,
  scanFindingsSchema,
  liveTicketSchema,
  loginAnswerSchema,
  loginSchema,
  meSchema,
  mfaEnableSchema,
  mfaEnrolmentSchema,
  mfaLoginSchema,
  inboxPageSchema,
  notificationChoicesSchema,
  notificationChoicesUpdateSchema,
  passkeyCreateSchema,
  passkeyListSchema,
  passkeyOptionsSchema,
  passkeySchema,
  passkeyUseSchema,
  passwordChangeSchema,
  passwordResetRequestSchema,
  passwordResetSchema,
  recoveryCodesSchema,
  scanFileListSchema,
  scanProgressSchema,
  scanPageSchema,
  scanResultSchema,
  scanWeightSchema,
  scanWeightUpdateSchema,
  scheduleCreateSchema,
  scheduleExecutionPageSchema,
  scheduleExecutionSchema,
  schedulePageSchema,
  schedulePreviewBodySchema,
  schedulePreviewSchema,
  scheduleSchema,
  scheduleUpdateSchema,
  sessionListSchema,
  sessionSchema,
  setterSchema,
  siteObservationSchema,
  stepUpSchema,
  tokenSchema,
  userSchema,
  userUpdateSchema,
  webhookCreatedSchema,
  webhookCreateSchema,
  webhookDeliveryPageSchema,
  webhookDeliverySchema,
  webhookPageSchema,
  webhookSchema,
  webhookUpdateSchema,
  workerListSchema,
} from '@cookie-scanner/contracts';
import { z } from 'zod';

/** What clients send. */
const INPUTS = {
  ApiKeyCreate: apiKeyCreateSchema,
  ScanWeightUpdate: scanWeightUpdateSchema,
  ApiKeyUpdate: apiKeyUpdateSchema,
  BaselineApprovalCreate: baselineApprovalCreateSchema,
  BaselineCreate: baselineCreateSchema,
  BulkScanBody: bulkScanBodySchema,
  CategoryOverrideCreate: categoryOverrideCreateSchema,
  CreateScanBody: createScanBodySchema,
  FindingUpdate: findingUpdateSchema,
  DomainConfigCreate: domainConfigCreateSchema,
  DomainConfigUpdate: domainConfigUpdateSchema,
  InvitationAccept: invitationAcceptSchema,
  Login: loginSchema,
  MemberInvite: memberInviteSchema,
  MemberUpdate: memberUpdateSchema,
  MfaEnable: mfaEnableSchema,
  MfaLogin: mfaLoginSchema,
  ScanProfileCreate: scanProfileCreateSchema,
  ScanProfileUpdate: scanProfileUpdateSchema,
  NotificationChoicesUpdate: notificationChoicesUpdateSchema,
  PasskeyCreate: passkeyCreateSchema,
  PasskeyUse: passkeyUseSchema,
  PasswordChange: passwordChangeSchema,
  PasswordReset: passwordResetSchema,
  PasswordResetRequest: passwordResetRequestSchema,
  RetentionUpdate: ownRetentionUpdateSchema,
  ScheduleCreate: scheduleCreateSchema,
  SchedulePreviewBody: schedulePreviewBodySchema,
  ScheduleUpdate: scheduleUpdateSchema,
  StepUp: stepUpSchema,
  UserAccessUpdate: userAccessUpdateSchema,
  UserUpdate: userUpdateSchema,
  WebhookCreate: webhookCreateSchema,
  WebhookUpdate: webhookUpdateSchema,
  WorkspaceCreate: workspaceCreateSchema,
  WorkspaceUpdate: workspaceUpdateSchema,
};

/** What we answer with. */
const OUTPUTS = {
  ApiKey: apiKeySchema,
  ApiKeyCreated: apiKeyCreatedSchema,
  ApiKeyPage: apiKeyPageSchema,
  BaselineApproval: baselineApprovalSchema,
  BaselineDetail: baselineDetailSchema,
  BaselinePage: baselinePageSchema,
  CategoryOverride: categoryOverrideSchema,
  CategoryOverridePage: categoryOverridePageSchema,
  Cookie: cookieSchema,
  CookiePage: cookiePageSchema,
  ComplianceMetrics: complianceMetricsSchema,
  DomainConfig: domainConfigSchema,
  DomainConfigPage: domainConfigPageSchema,
  BulkScanAnswer: bulkScanAnswerSchema,
  CookieSighting: cookieSightingSchema,
  CookieSightingPage: cookieSightingPageSchema,
  QueueSummary: queueSummarySchema,
  RoleList: roleListSchema,
  ScanWeight: scanWeightSchema,
  WorkerList: workerListSchema,
  ScanCounts: scanCountsSchema,
  StorageItem: storageItemSchema,
  StorageItemPage: storageItemPageSchema,
  TopList: topListSchema,
  TrendData: trendDataSchema,
  Finding: findingSchema,
  InboxPage: inboxPageSchema,
  NotificationChoices: notificationChoicesSchema,
  Passkey: passkeySchema,
  PasskeyList: passkeyListSchema,
  PasskeyOptions: passkeyOptionsSchema,
  Problem: problemSchema,
  ScanBaselineJudgement: scanBaselineJudgementSchema,
  ScanDiff: scanDiffSchema,
  ScanFindings: scanFindingsSchema,
  AuditLogPage: auditLogPageSchema,
  Invitation: invitationSchema,
  Member: memberSchema,
  MemberPage: memberPageSchema,
  OwnWorkspace: ownWorkspaceSchema,
  OwnWorkspaceList: ownWorkspaceListSchema,
  UserPage: userPageSchema,
  Webhook: webhookSchema,
  WebhookCreated: webhookCreatedSchema,
  WebhookDelivery: webhookDeliverySchema,
  WebhookDeliveryPage: webhookDeliveryPageSchema,
  WebhookPage: webhookPageSchema,
  Workspace: workspaceSchema,
  LiveTicket: liveTicketSchema,
  LoginAnswer: loginAnswerSchema,
  Me: meSchema,
  MfaEnrolment: mfaEnrolmentSchema,
  RecoveryCodes: recoveryCodesSchema,
  Retention: retentionSchema,
  ScanPage: scanPageSchema,
  ScanFileList: scanFileListSchema,
  ScanProfile: scanProfileSchema,
  ScanProfilePage: scanProfilePageSchema,
  ScanBatch: scanBatchSchema,
  ScanBatchPage: scanBatchPageSchema,
  ScanProgress: scanProgressSchema,
  ScanResult: scanResultSchema,
  Schedule: scheduleSchema,
  ScheduleExecution: scheduleExecutionSchema,
  ScheduleExecutionPage: scheduleExecutionPageSchema,
  SchedulePage: schedulePageSchema,
  SchedulePreview: schedulePreviewSchema,
  Session: sessionSchema,
  SessionList: sessionListSchema,
  Setter: setterSchema,
  SiteObservation: siteObservationSchema,
  Token: tokenSchema,
  User: userSchema,
};

const COMPONENTS_PATH = '#/components/schemas/';

/** A schema with a name of its own in the OpenAPI document. */
export type SchemaName = keyof typeof INPUTS | keyof typeof OUTPUTS;

/** Refers to a named schema from an operation of the document. */
export function schemaRef(name: SchemaName): { $ref: string } {
  return { $ref: COMPONENTS_PATH + name };
}

/** The named schemas as JSON Schema, made from the very zod schemas that parse and describe the data. */
export function namedSchemas(): Record<string, object> {
  return { ...toJsonSchemas(INPUTS, 'input'), ...toJsonSchemas(OUTPUTS, 'output') };
}

/**
 * With `input`, a field that has a default may be left out; with `output` it is always there, and clients must expect
 * further fields that a later version adds.
 */
function toJsonSchemas(
  named: Readonly<Record<string, z.ZodType>>,
  io: 'input' | 'output',
): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    uri: (id) => COMPONENTS_PATH + id,
    override: ({ jsonSchema }) => {
      nameKeys(jsonSchema, io);
      // The format says it in a word; from the pattern, readers are shown made-up ids and times that nobody would send.
      if (jsonSchema.format === 'uuid' || jsonSchema.format === 'date-time') delete jsonSchema.pattern;
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  });
  const found = Object.entries(schemas).map(([name, schema]) => [name, withoutAddress(schema)] as const);
  return withoutRecursion(Object.fromEntries(found));
}

/**
 * The one schema of ours that refers to itself is any JSON at all, so it may as well be the schema that says nothing: zod
 * keeps the other one where no reference of OpenAPI reaches, and no type of TypeScript can name itself.
 */
function withoutRecursion(schemas: Record<string, object>): Record<string, object> {
  const { __shared, ...named } = schemas;
  if (!__shared) return named;
  const isShared = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    '$ref' in value &&
    String(value.$ref).startsWith(`${COMPONENTS_PATH}__shared`);
  return JSON.parse(JSON.stringify(named), (_key, value: unknown) =>
    isShared(value) ? {} : value,
  ) as Record<string, object>;
}

/** An object with known keys says what is at each; generators of clients make nothing of `propertyNames`. */
function nameKeys(schema: z.core.JSONSchema.BaseSchema, io: 'input' | 'output'): void {
  const { propertyNames, additionalProperties } = schema;
  if (typeof propertyNames !== 'object' || !Array.isArray(propertyNames.enum)) return;
  if (typeof additionalProperties !== 'object') return;
  schema.properties = Object.fromEntries(
    propertyNames.enum.map((key) => [String(key), structuredClone(additionalProperties)]),
  );
  delete schema.propertyNames;
  if (io === 'input') schema.additionalProperties = false;
  else delete schema.additionalProperties;
}

/** The document says itself which dialect it uses and where its schemas are. */
function withoutAddress(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}
