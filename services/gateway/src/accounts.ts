import {
  authenticator,
  authKeys,
  passwordHasher,
  signInLimits,
  type AuthDeps,
  type AuthLifetimes,
  type AuthSecrets,
} from '@cookie-scanner/auth';
import {
  accessRepository,
  analyticsRepository,
  apiKeyRepository,
  cookieSightingRepository,
  auditRepository,
  domainConfigRepository,
  baselineRepository,
  categoryOverrideRepository,
  findingRepository,
  inboxRepository,
  inWorkspace,
  memberRepository,
  notificationChoicesRepository,
  passkeyRepository,
  reportRepository,
  scanBatchRepository,
  scanProfileRepository,
  scanRepository,
  scheduleRepository,
  secondFactorRepository,
  sessionRepository,
  userRepository,
  webhookRepository,
  workerRepository,
  workspaceRepository,
  workspaceRetentionRepository,
  type Database,
} from '@cookie-scanner/database';
import type { RedisOwner } from '@cookie-scanner/redis';
import type { GatewayDeps } from './gateway-deps.ts';
import { requestLimits } from './http/request-limits.ts';

interface AccountsOptions {
  readonly database: Database;
  readonly redis: RedisOwner;
  readonly secrets: AuthSecrets;
  readonly lifetimes: () => AuthLifetimes;
  /** Requests a minute for whom nothing else is set. */
  readonly rateLimitPerMinute: number;
}

type Accounts = Pick<
  GatewayDeps,
  | 'inWorkspace'
  | 'auth'
  | 'authenticator'
  | 'limits'
  | 'apiKeys'
  | 'audit'
  | 'workspaces'
  | 'members'
  | 'notificationChoices'
  | 'workers'
>;

/** The part of the gateway that knows who somebody is, what they may do, and where what they keep is. */
export function openAccounts({
  database,
  redis,
  secrets,
  lifetimes,
  rateLimitPerMinute,
}: AccountsOptions): Accounts {
  const auth: AuthDeps = {
    keys: authKeys(secrets),
    passwords: passwordHasher(),
    limits: signInLimits(redis),
    lifetimes,
    users: userRepository(database),
    sessions: sessionRepository(database),
    secondFactors: secondFactorRepository(database),
    passkeys: passkeyRepository(database),
    access: accessRepository(database),
  };
  return {
    auth,
    authenticator: authenticator(auth),
    limits: requestLimits(redis, rateLimitPerMinute),
    apiKeys: apiKeyRepository(database),
    audit: auditRepository(database),
    workspaces: workspaceRepository(database),
    members: memberRepository(database),
    notificationChoices: notificationChoicesRepository(database),
    workers: workerRepository(database),
    inWorkspace(workspaceId) {
      const walled = inWorkspace(database, workspaceId);
      return {
        scans: scanRepository(walled),
        findings: findingRepository(walled),
        reports: reportRepository(walled),
        batches: scanBatchRepository(walled),
        sightings: cookieSightingRepository(walled),
        analytics: analyticsRepository(walled),
        webhooks: webhookRepository(walled),
        inbox: inboxRepository(walled),
        retention: workspaceRetentionRepository(walled),
        profiles: scanProfileRepository(walled),
        domains: domainConfigRepository(walled),
        baselines: baselineRepository(walled),
        schedules: scheduleRepository(walled),
        overrides: categoryOverrideRepository(walled),
      };
    },
  };
}
