import { AppError } from '@cookie-scanner/errors';
import express, { type Express } from 'express';
import { streamLimit, type StreamLimit } from './events/stream-limit.ts';
import type { GatewayDeps } from './gateway-deps.ts';
import { apiRouter, type ApiRoute } from './http/api-route.ts';
import { doorman } from './http/doorman.ts';
import { liveServer, type LiveServer } from './live/live-server.ts';
import { compressedAnswers } from './middleware/compressed-answers.middleware.ts';
import { crossOrigin } from './middleware/cross-origin.middleware.ts';
import { crossSiteGuard } from './middleware/cross-site-guard.middleware.ts';
import { errorHandler } from './middleware/error-handler.middleware.ts';
import { allowedHosts, hostGuard } from './middleware/host-guard.middleware.ts';
import { recordRefusal } from './middleware/record-refusal.middleware.ts';
import { requestId } from './middleware/request-id.middleware.ts';
import { requestLog } from './middleware/request-log.middleware.ts';
import { saneRequest } from './middleware/sane-request.middleware.ts';
import { securityHeaders } from './middleware/security-headers.middleware.ts';
import { API_BASE_PATH } from './openapi.ts';
import { apiKeysRoutes } from './routes/api-keys.routes.ts';
import { adminQueuesRouter, BOARD_PATH } from './routes/admin-queues.routes.ts';
import { analyticsRoutes } from './routes/analytics.routes.ts';
import { boardSessionRoutes } from './routes/board-session.routes.ts';
import { auditLogsRoutes } from './routes/audit-logs.routes.ts';
import { cookiesRoutes } from './routes/cookies.routes.ts';
import { domainsRoutes } from './routes/domains.routes.ts';
import { baselineApprovalsRoutes } from './routes/baseline-approvals.routes.ts';
import { baselinesRoutes } from './routes/baselines.routes.ts';
import { categoryOverridesRoutes } from './routes/category-overrides.routes.ts';
import { findingsRoutes } from './routes/findings.routes.ts';
import { healthRouter } from './routes/health.routes.ts';
import { invitationsRoutes } from './routes/invitations.routes.ts';
import { meRoutes } from './routes/me.routes.ts';
import { membersRoutes } from './routes/members.routes.ts';
import { liveTicketsRoutes } from './routes/live-tickets.routes.ts';
import { mfaRoutes } from './routes/mfa.routes.ts';
import { withOpenApiRoute } from './routes/openapi.routes.ts';
import { retentionRoutes } from './routes/retention.routes.ts';
import { profilesRoutes } from './routes/profiles.routes.ts';
import { apiDocsRouter, API_DOCS_PATH } from './pages/api-docs.router.ts';
import { accountPagesRouter, ACCOUNT_PAGES_PATH } from './pages/account-pages.router.ts';
import { passkeySignInRoutes } from './routes/passkey-sign-in.routes.ts';
import { passkeysRoutes } from './routes/passkeys.routes.ts';
import { passwordResetRoutes } from './routes/password-reset.routes.ts';
import { queuesRoutes } from './routes/queues.routes.ts';
import { rolesRoutes } from './routes/roles.routes.ts';
import { scanWeightRoutes } from './routes/scan-weight.routes.ts';
import { scanStorageRoutes } from './routes/scan-storage.routes.ts';
import { scanBatchesRoutes } from './routes/scan-batches.routes.ts';
import { scanActionsRoutes } from './routes/scan-actions.routes.ts';
import { scanBaselineRoutes } from './routes/scan-baseline.routes.ts';
import { scanCookiesRoutes } from './routes/scan-cookies.routes.ts';
import { scanDiffRoutes } from './routes/scan-diff.routes.ts';
import { scanEventsRoutes } from './routes/scan-events.routes.ts';
import { scanFindingsRoutes } from './routes/scan-findings.routes.ts';
import { scanFilesRoutes } from './routes/scan-files.routes.ts';
import { scanJudgeAgainRoutes } from './routes/scan-judge-again.routes.ts';
import { scanListRoutes } from './routes/scan-list.routes.ts';
import { scanObservationRoutes } from './routes/scan-observation.routes.ts';
import { scanReportsRoutes } from './routes/scan-reports.routes.ts';
import { scansRoutes } from './routes/scans.routes.ts';
import { scheduleRunsRoutes } from './routes/schedule-runs.routes.ts';
import { schedulesRoutes } from './routes/schedules.routes.ts';
import { sessionsRoutes } from './routes/sessions.routes.ts';
import { signInRoutes } from './routes/sign-in.routes.ts';
import { usersRoutes } from './routes/users.routes.ts';
import { notificationChoicesRoutes } from './routes/notification-choices.routes.ts';
import { notificationsRoutes } from './routes/notifications.routes.ts';
import { webhooksRoutes } from './routes/webhooks.routes.ts';
import { workspacesRoutes } from './routes/workspaces.routes.ts';

/** The gateway as a request handler, and what ends the streams it holds open. */
export interface GatewayApp {
  readonly app: Express;
  /** Every operation below `/api/v1`. */
  readonly routes: readonly ApiRoute[];
  readonly endStreams: () => void;
  /** Takes what wants to be a WebSocket. */
  readonly live: LiveServer;
  /** Changes how many event streams may be open at once. */
  readonly setStreamsMax: (streamsMax: number) => void;
}

/** Every operation of the API. Nothing of `deps` is looked at before one of them answers. */
export function apiRoutes(deps: GatewayDeps & { readonly streams: StreamLimit }): ApiRoute[] {
  return withOpenApiRoute([
    ...signInRoutes(deps),
    ...boardSessionRoutes(deps),
    ...passkeySignInRoutes(deps),
    ...meRoutes(deps),
    ...passkeysRoutes(deps),
    ...mfaRoutes(deps),
    ...sessionsRoutes(deps),
    ...apiKeysRoutes(deps),
    ...invitationsRoutes(deps),
    ...passwordResetRoutes(deps),
    ...usersRoutes(deps),
    ...workspacesRoutes(deps),
    ...retentionRoutes(deps),
    ...membersRoutes(deps),
    ...liveTicketsRoutes(deps),
    ...webhooksRoutes(deps),
    ...notificationsRoutes(deps),
    ...notificationChoicesRoutes(deps),
    ...auditLogsRoutes(deps),
    ...profilesRoutes(deps),
    ...domainsRoutes(deps),
    // Before the scans, whose ids `bulk` is none of.
    ...scanBatchesRoutes(deps),
    ...scansRoutes(deps),
    ...scanListRoutes(deps),
    ...scanActionsRoutes(deps),
    ...scanCookiesRoutes(deps),
    ...scanStorageRoutes(deps),
    ...cookiesRoutes(deps),
    ...analyticsRoutes(deps),
    ...queuesRoutes(deps),
    ...rolesRoutes(),
    ...scanWeightRoutes(deps),
    ...scanFindingsRoutes(deps),
    ...findingsRoutes(deps),
    ...categoryOverridesRoutes(deps),
    ...scanJudgeAgainRoutes(deps),
    ...scanDiffRoutes(deps),
    ...scanBaselineRoutes(deps),
    ...baselinesRoutes(deps),
    ...baselineApprovalsRoutes(deps),
    ...scanEventsRoutes(deps),
    ...scanObservationRoutes(deps),
    ...scanFilesRoutes(deps),
    ...scanReportsRoutes(deps),
    ...scheduleRunsRoutes(deps),
    ...schedulesRoutes(deps),
  ]);
}

/** Wires the gateway together. Nothing here listens, connects or reads settings. */
export function createApp(deps: GatewayDeps): GatewayApp {
  const app = express();
  const isAllowedHost = allowedHosts(deps.publicUrl);
  const streams = streamLimit(deps.events.streamsMax);
  const routes = apiRoutes({ ...deps, streams });

  app.disable('x-powered-by').disable('etag').set('query parser', false).enable('strict routing');
  app.enable('case sensitive routing').set('trust proxy', deps.trustedProxyHops);
  app.use(requestId(deps.logger));
  app.use(requestLog(deps.metrics));
  app.use(securityHeaders({ isHttps: deps.publicUrl?.startsWith('https:') ?? false }));
  app.use(saneRequest());
  // Probes and Prometheus name whatever host they like; what they see is neither secret nor about scans.
  app.use(healthRouter(deps));
  const origins = new Set(deps.corsOrigins);
  app.use(hostGuard(isAllowedHost), crossOrigin(origins), crossSiteGuard(isAllowedHost, origins));
  app.use(ACCOUNT_PAGES_PATH, accountPagesRouter());
  app.use(BOARD_PATH, adminQueuesRouter(deps));
  const door = doorman(deps.authenticator, deps.limits);
  app.use(API_DOCS_PATH, apiDocsRouter(door));
  app.use(API_BASE_PATH, noStore, compressedAnswers(), apiRouter(routes, door));
  app.use(() => {
    throw new AppError('ROUTE_NOT_FOUND', 'There is nothing at this path.');
  });
  app.use(recordRefusal(deps.audit));
  app.use(errorHandler());

  const { access } = deps.auth;
  const live = liveServer({ ...deps, ...deps.presence, access, isAllowedHost, corsOrigins: origins });
  return { app, routes, live, endStreams: streams.endAll, setStreamsMax: streams.setMax };
}

const noStore: express.RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
