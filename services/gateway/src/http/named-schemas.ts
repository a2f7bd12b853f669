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
  ownWorkspaceListSchema,
  ownWorkspaceSchema,
  userAccessUpdateSchema,
  userPageSchema,
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
  loginAnswerSchema,
  loginSchema,
  meSchema,
  mfaEnableSchema,
  mfaEnrolmentSchema,
  mfaLoginSchema,
  passwordChangeSchema,
  passwordResetRequestSchema,
  passwordResetSchema,
  recoveryCodesSchema,
  scanFileListSchema,
  scanProgressSchema,
  scanPageSchema,
  scanResultSchema,
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
} from '@cookie-scanner/contracts';
import { z } from 'zod';

/** What clients send. */
const INPUTS = {
  ApiKeyCreate: apiKeyCreateSchema,
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
  PasswordChange: passwordChangeSchema,
  PasswordReset: passwordResetSchema,
  PasswordResetRequest: passwordResetRequestSchema,
  ScheduleCreate: scheduleCreateSchema,
  SchedulePreviewBody: schedulePreviewBodySchema,
  ScheduleUpdate: scheduleUpdateSchema,
  StepUp: stepUpSchema,
  UserAccessUpdate: userAccessUpdateSchema,
  UserUpdate: userUpdateSchema,
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
  ScanCounts: scanCountsSchema,
  StorageItem: storageItemSchema,
  StorageItemPage: storageItemPageSchema,
  TopList: topListSchema,
  TrendData: trendDataSchema,
  Finding: findingSchema,
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
  Workspace: workspaceSchema,
  LoginAnswer: loginAnswerSchema,
  Me: meSchema,
  MfaEnrolment: mfaEnrolmentSchema,
  RecoveryCodes: recoveryCodesSchema,
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
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutAddress(schema)]));
}

/** The document says itself which dialect it uses and where its schemas are. */
function withoutAddress(schema: object): object {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}
