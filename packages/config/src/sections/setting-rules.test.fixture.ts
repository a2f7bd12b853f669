/** What every section needs to be accepted. */
export const NEEDED = {
  ENV_FILE: 'none',
  DATABASE_URL: 'postgresql://u:p@db/n',
  REDIS_URL: 'redis://r',
  ARTIFACTS_DIR: '/a',
};

const wholeNumber = (min: number, max: number) => ({
  good: [
    [String(min), min],
    [String(max), max],
  ],
  bad: [String(min - 1), String(max + 1), '1.5', '1e3', 'sesame'],
  message: `must be a whole number from ${min} to ${max}`,
});
const yesOrNo = {
  good: [
    ['yes', true],
    ['0', false],
  ],
  bad: ['sesame', '2'],
  message: 'must be true or false',
};
const freeText = { good: [['anything at all', 'anything at all']], bad: [], message: '' };
const host = {
  good: [
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
  ],
  bad: ['[::1]', 'a b', 'http://sesame'],
  message: 'must be a host name or an IP address without brackets',
};
const lifetime = wholeNumber(1, 366 * 86_400);
const RISKS =
  'SCAN_ALLOW_PRIVATE_NETWORKS, SCAN_ALLOW_NO_SANDBOX, SCAN_IGNORE_CERTIFICATE_ERRORS, SCAN_HOST_RESOLVER_RULES, ' +
  'WEBHOOK_ALLOW_HTTP, CRASH_AT, DATABASE_WITHOUT_TLS, REDIS_WITHOUT_TLS, RABBITMQ_WITHOUT_TLS, PUBLIC_URL_WITHOUT_TLS';

/** What one setting takes, and what it does not. */
interface Rule {
  /** Where the value arrives in the Config; null when it only steers the checks. */
  readonly path: string | null;
  readonly initial: unknown;
  readonly good: readonly (readonly unknown[])[];
  readonly bad: readonly string[];
  readonly message: string;
}

/** The rule of every setting. */
export const RULES: Readonly<Record<string, Rule>> = {
  NODE_ENV: {
    ...{ path: null, initial: undefined },
    good: [['development'], ['test']],
    bad: ['prod', 'Production', 'sesame'],
    message: 'must be development, test, staging or production',
  },
  PRODUCTION_RISKS_ACCEPTED: {
    ...{ path: null, initial: undefined },
    good: [['SCAN_ALLOW_NO_SANDBOX, REDIS_WITHOUT_TLS,']],
    bad: ['sesame', 'SCAN_VALUE_HASH_KEY', 'JWT_SECRET'],
    message: `may name only ${RISKS}`,
  },
  DATABASE_URL: {
    ...{ path: 'database.url', initial: NEEDED.DATABASE_URL },
    good: [
      ['postgresql://u:p%40ss@db:5432/name', 'postgresql://u:p%40ss@db:5432/name'],
      ['postgres://127.0.0.1/name', 'postgres://127.0.0.1/name'],
      ['postgresql:///name?host=/var/run/postgresql', 'postgresql:///name?host=/var/run/postgresql'],
    ],
    bad: ['sesame', 'mysql://sesame/n', 'http://sesame'],
    message: 'must be a URL such as postgresql://user:password@host:5432/name',
  },
  DATABASE_POOL_MAX: { path: 'database.poolMax', initial: 10, ...wholeNumber(1, 1_000) },
  DATABASE_CONNECT_TIMEOUT_MS: {
    ...{ path: 'database.connectTimeoutMs', initial: 4_000 },
    ...wholeNumber(100, 600_000),
  },
  DATABASE_STATEMENT_TIMEOUT_MS: {
    ...{ path: 'database.statementTimeoutMs', initial: 30_000 },
    ...wholeNumber(100, 600_000),
  },
  REDIS_URL: {
    ...{ path: 'redis.url', initial: NEEDED.REDIS_URL },
    good: [
      ['redis://u:p@h:1', 'redis://u:p@h:1'],
      ['rediss://h', 'rediss://h'],
    ],
    bad: ['sesame', 'http://sesame'],
    message: 'must be a URL such as redis://user:password@host:6379',
  },
  REDIS_TLS: {
    ...{ path: 'redis.url', initial: 'redis://r' },
    good: [
      ['true', 'rediss://r'],
      ['false', 'redis://r'],
    ],
    bad: ['sesame'],
    message: 'must be true or false',
  },
  REDIS_PREFIX: {
    ...{ path: 'redis.prefix', initial: 'cookie-scanner' },
    good: [['{a}:b', '{a}:b']],
    bad: ['a b', 'a*', 'x'.repeat(101)],
    message: 'must be letters, digits and . _ - : { } only',
  },
  REDIS_POOL_MAX: { path: 'redis.poolMax', initial: 50, ...wholeNumber(4, 1_000) },
  GATEWAY_HOST: { path: 'api.host', initial: '127.0.0.1', ...host },
  GATEWAY_PORT: { path: 'api.port', initial: 8001, ...wholeNumber(0, 65_535) },
  PUBLIC_URL: {
    ...{ path: 'api.publicUrl', initial: null },
    good: [['https://Scanner.example/path/', 'https://scanner.example']],
    bad: ['sesame', 'ftp://sesame'],
    message: 'must be a URL such as https://scanner.example.org',
  },
  API_STREAMS_MAX: { path: 'api.streamsMax', initial: 500, ...wholeNumber(1, 100_000) },
  API_LIVE_CONNECTIONS_MAX: {
    ...{ path: 'api.liveLimits.connectionsMax', initial: 1_000 },
    ...wholeNumber(1, 100_000),
  },
  API_LIVE_CONNECTIONS_PER_WORKSPACE_MAX: {
    ...{ path: 'api.liveLimits.perWorkspaceMax', initial: 200 },
    ...wholeNumber(1, 1_000),
  },
  API_LIVE_CONNECTIONS_PER_PERSON_MAX: {
    ...{ path: 'api.liveLimits.perPersonMax', initial: 10 },
    ...wholeNumber(1, 1_000),
  },
  API_RATE_LIMIT_PER_MINUTE: {
    ...{ path: 'api.rateLimitPerMinute', initial: 600 },
    ...wholeNumber(1, 1_000_000),
  },
  BULL_BOARD_WRITABLE: { path: 'api.isBoardWritable', initial: false, ...yesOrNo },
  API_CORS_ORIGINS: {
    ...{ path: 'api.corsOrigins', initial: [] },
    good: [
      ['https://a.example, http://b.example:3000,', ['https://a.example', 'http://b.example:3000']],
      ['', []],
    ],
    bad: ['*', 'null', 'https://a.example/', 'https://A.example', 'a.example', 'ftp://sesame'],
    message: 'must be a comma list of origins such as https://example.org',
  },
  TRUSTED_PROXY_HOPS: { path: 'api.trustedProxyHops', initial: 0, ...wholeNumber(0, 10) },
  JWT_SECRET: { path: 'auth.jwtSecret', initial: 'development-only', ...freeText },
  JWT_SECRET_PREVIOUS: { path: 'auth.jwtSecretPrevious', initial: null, ...freeText },
  JWT_ISSUER: { path: 'auth.jwtIssuer', initial: 'cookie-scanner', ...freeText },
  JWT_AUDIENCE: { path: 'auth.jwtAudience', initial: 'cookie-scanner-api', ...freeText },
  JWT_LIFETIME_SECONDS: { path: 'auth.jwtLifetimeSeconds', initial: 600, ...wholeNumber(60, 86_400) },
  REFRESH_LIFETIME_SECONDS: {
    ...{ path: 'auth.refreshLifetimeSeconds', initial: 30 * 86_400 },
    ...{
      ...wholeNumber(60, 366 * 86_400),
      good: [[String(366 * 86_400), 366 * 86_400]],
      bad: ['sesame', '31622401'],
    },
  },
  REFRESH_IDLE_SECONDS: {
    ...{ path: 'auth.refreshIdleSeconds', initial: 7 * 86_400 },
    ...{ ...wholeNumber(60, 366 * 86_400), good: [['60', 60]], bad: ['59', 'sesame'] },
  },
  AUTH_ENCRYPTION_KEY: { path: 'auth.encryptionKey', initial: 'development-only', ...freeText },
  SCAN_CONCURRENCY: {
    ...{ path: 'scan.concurrency', initial: 'auto' },
    good: [
      ['auto', 'auto'],
      ['1', 1],
      ['64', 64],
    ],
    bad: ['sesame', '0', '65'],
    message: 'must be a whole number from 1 to 64, or auto',
  },
  SCAN_ISOLATION: {
    ...{ path: 'scan.isolation', initial: 'context' },
    good: [['browser', 'browser']],
    bad: ['sesame'],
    message: 'must be context or browser',
  },
  SCAN_BROWSER_SCANS_MAX: { path: 'scan.browserScansMax', initial: 200, ...wholeNumber(1, 1_000_000) },
  SCAN_BROWSER_MEMORY_MAX_MB: {
    ...{ path: 'scan.browserMemoryMaxBytes', initial: 4_000_000_000 },
    ...wholeNumber(200, 1_000_000),
    good: [['200', 200_000_000]],
  },
  SCAN_BROWSER_MEMORY_LIMIT_MB: {
    ...{ path: 'scan.browserMemoryLimitBytes', initial: 'auto' },
    good: [
      ['auto', 'auto'],
      ['300', 300_000_000],
    ],
    bad: ['sesame', '0', '299', '1000001'],
    message: 'must be a whole number from 300 to 1000000, or auto',
  },
  SCAN_HOST_RESOLVER_RULES: {
    ...{ path: 'scan.hostResolverRules', initial: '' },
    good: [['MAP *:443 127.0.0.1:8443', 'MAP *:443 127.0.0.1:8443']],
    bad: ['MAP sesame', 'sesame'],
    message: 'cannot be read; write "MAP pattern[:port] host[:port]" or "EXCLUDE pattern"',
  },
  SCAN_DNS_SERVERS: {
    ...{ path: 'scan.dnsServers', initial: [] },
    good: [
      ['', []],
      ['9.9.9.9, 1.1.1.1:5353,', ['9.9.9.9', '1.1.1.1:5353']],
      ['2620:fe::fe,[2620:fe::fe]:53', ['2620:fe::fe', '[2620:fe::fe]:53']],
    ],
    bad: ['sesame', '9.9.9.9:0', '9.9.9.9:65536', '9.9.9.9 1.1.1.1', '[9.9.9.9]:53', '9.9.9'],
    message: 'must be a comma list of IP addresses, each with a port if it is not 53',
  },
  SCAN_ALLOW_PRIVATE_NETWORKS: { path: 'scan.allowPrivateNetworks', initial: false, ...yesOrNo },
  SCAN_IGNORE_CERTIFICATE_ERRORS: { path: 'scan.ignoreCertificateErrors', initial: false, ...yesOrNo },
  SCAN_BROWSER_EXECUTABLE: { path: 'scan.browserExecutable', initial: null, ...freeText },
  SCAN_BROWSER_IDENTITY: {
    ...{ path: 'scan.browserIdentity', initial: 'visitor' },
    good: [['declared', 'declared']],
    bad: ['sesame'],
    message: 'must be visitor or declared',
  },
  SCAN_ALLOW_NO_SANDBOX: { path: 'scan.allowNoSandbox', initial: false, ...yesOrNo },
  SCAN_NETWORK_NAMESPACE: {
    ...{ path: 'scan.networkNamespace', initial: 'auto' },
    good: [
      ['required', 'required'],
      ['off', 'off'],
    ],
    bad: ['sesame'],
    message: 'must be auto, required or off',
  },
  SCAN_PAGE_LIFE_MS: { path: 'scan.pageLifeMs', initial: 30_000, ...wholeNumber(0, 600_000) },
  SCAN_STORE_COOKIE_VALUES: { path: 'scan.storeCookieValues', initial: false, ...yesOrNo },
  SCAN_VALUE_HASH_KEY: { path: 'scan.valueHashKey', initial: 'development-only', ...freeText },
  SCAN_LEASE_MS: { path: 'scan.leaseMs', initial: 60_000, ...wholeNumber(1_000, 3_600_000) },
  SCAN_MAX_ATTEMPTS: { path: 'scan.attemptsMax', initial: 3, ...wholeNumber(1, 20) },
  QUEUE_LOST_AFTER_MS: { path: 'queue.lostAfterMs', initial: 60_000, ...wholeNumber(1_000, 3_600_000) },
  SCAN_SITE_CONCURRENCY_MAX: {
    ...{ path: 'scan.sitePoliteness.concurrencyMax', initial: 2 },
    ...wholeNumber(1, 1_000),
  },
  SCAN_SITE_GAP_MS: { path: 'scan.sitePoliteness.gapMs', initial: 1_000, ...wholeNumber(0, 3_600_000) },
  WORKER_LABELS: {
    ...{ path: 'worker.labels', initial: [] },
    good: [['zone=intranet, region=eu', ['region=eu', 'zone=intranet']]],
    bad: ['Region=EU', 'region=', 'a,b,c,d', 'a,a'],
    message: 'must be at most 3 different labels such as region=eu, with a comma between them',
  },
  CRASH_AT: {
    ...{ path: 'faults.crashAt', initial: null },
    good: [['navigate', 'navigate']],
    bad: ['sesame', 'Claim'],
    message:
      'must be one of claim, launch, navigate, collect, store, commit, acknowledge, analyse, relay, publish',
  },
  SMTP_URL: {
    ...{ path: 'notification.smtpUrl', initial: null },
    good: [],
    bad: ['sesame', 'http://sesame'],
    message: 'must be a URL such as smtp://user:password@host:587',
  },
  MAIL_FROM: {
    ...{ path: 'notification.from', initial: null },
    good: [
      ['a@b.example', 'a@b.example'],
      ['A B <a@b.example>', 'A B <a@b.example>'],
    ],
    bad: ['a@b.example\r\nBcc: c@d.example', 'a@b@c', 'nobody', 'a b@c.example'],
    message: 'must be one address such as Cookie Scanner <scanner@example.org>',
  },
  MAIL_TO: {
    ...{ path: 'notification.to', initial: [] },
    good: [[' a@b.example , root@localhost ,', ['a@b.example', 'root@localhost']]],
    bad: ['a@b.example,nobody', 'a@b.example\r\nc@d.example'],
    message: 'must be addresses separated by commas',
  },
  NOTIFICATION_CHANNELS: {
    ...{ path: 'notification.channels', initial: ['in_app'] },
    good: [['webhook, slack', ['webhook', 'slack']]],
    bad: ['sesame', 'in_app,sesame'],
    message: 'may name only in_app, email, webhook, slack, teams',
  },
  WEBHOOK_TIMEOUT_MS: {
    ...{ path: 'notification.webhookTimeoutMs', initial: 10_000 },
    ...wholeNumber(100, 60_000),
  },
  WEBHOOK_MAX_ATTEMPTS: { path: 'notification.webhookAttemptsMax', initial: 8, ...wholeNumber(1, 50) },
  WEBHOOK_ALLOW_HTTP: { path: 'notification.webhookAllowsHttp', initial: false, ...yesOrNo },
  CACHE_RATE_LIMIT_SECONDS: { path: 'cache.lifetimesSeconds.rate_limit', initial: 60, ...lifetime },
  CACHE_SCAN_RESULT_SECONDS: { path: 'cache.lifetimesSeconds.scan_result', initial: 300, ...lifetime },
  CACHE_ANALYTICS_METRICS_SECONDS: {
    ...{ path: 'cache.lifetimesSeconds.analytics:metrics', initial: 3_600 },
    ...lifetime,
  },
  CACHE_ANALYTICS_TRENDS_SECONDS: {
    ...{ path: 'cache.lifetimesSeconds.analytics:trends', initial: 3_600 },
    ...lifetime,
  },
  CACHE_USER_PREFERENCES_SECONDS: {
    ...{ path: 'cache.lifetimesSeconds.user:preferences', initial: 1_800 },
    ...lifetime,
  },
  CACHE_ACTIVE_SCAN_SECONDS: { path: 'cache.lifetimesSeconds.active_scan', initial: 3_600, ...lifetime },
  CACHE_LOCK_SECONDS: { path: 'cache.lifetimesSeconds.lock', initial: 60, ...lifetime },
  CACHE_SESSION_SECONDS: { path: 'cache.lifetimesSeconds.session', initial: 86_400, ...lifetime },
  CACHE_PRESENCE_SECONDS: { path: 'cache.lifetimesSeconds.presence', initial: 30, ...lifetime },
  CACHE_ANNOTATION_GENE_SECONDS: {
    ...{ path: 'cache.lifetimesSeconds.annotation:gene', initial: 7 * 86_400 },
    ...lifetime,
  },
  CACHE_ANNOTATION_PATHWAY_SECONDS: {
    ...{ path: 'cache.lifetimesSeconds.annotation:pathway', initial: 7 * 86_400 },
    ...lifetime,
  },
  CACHE_LITERATURE_PAPER_SECONDS: {
    ...{ path: 'cache.lifetimesSeconds.literature:paper', initial: 30 * 86_400 },
    ...lifetime,
  },
  METRICS_ENABLED: { path: 'monitoring.hasMetrics', initial: true, ...yesOrNo },
  HEALTH_HOST: { path: 'monitoring.healthHost', initial: '127.0.0.1', ...host },
  HEALTH_PORT: { path: 'monitoring.healthPort', initial: 0, ...wholeNumber(0, 65_535) },
  LOG_LEVEL: {
    ...{ path: 'monitoring.logLevel', initial: 'info' },
    good: [['debug', 'debug']],
    bad: ['sesame', 'INFO'],
    message: 'must be error, warn, info or debug',
  },
  QUEUE_REPORT_CONCURRENCY: { path: 'queue.reportConcurrency', initial: 2, ...wholeNumber(1, 64) },
  QUEUE_NOTIFICATION_CONCURRENCY: {
    ...{ path: 'queue.notificationConcurrency', initial: 4 },
    ...wholeNumber(1, 64),
  },
  QUEUE_MAX_ATTEMPTS: { path: 'queue.attemptsMax', initial: null, ...wholeNumber(1, 100) },
  ARTIFACTS_DIR: {
    ...{ path: 'artifacts.dir', initial: NEEDED.ARTIFACTS_DIR },
    good: [['/var/lib/x', '/var/lib/x']],
    bad: ['var/lib', './x', 'sesame'],
    message: 'must be an absolute path, because all services must find the same folder',
  },
  AUDIT_ANCHOR_FILE: {
    ...{ path: 'audit.anchorFile', initial: null },
    good: [['/var/lib/x/anchors.ndjson', '/var/lib/x/anchors.ndjson']],
    bad: ['anchors.ndjson', './x'],
    message: 'must be an absolute path',
  },
  RETENTION_SCAN_DAYS: { path: 'retention.scanDays', initial: 0, ...wholeNumber(0, 36_500) },
  RETENTION_FILE_DAYS: { path: 'retention.fileDays', initial: 760, ...wholeNumber(0, 36_500) },
  RETENTION_VALUE_DAYS: { path: 'retention.valueDays', initial: 30, ...wholeNumber(1, 30) },
  RETENTION_ROW_MONTHS: { path: 'retention.rowMonths', initial: 25, ...wholeNumber(0, 1_200) },
  RETENTION_AUDIT_DAYS: {
    ...{ path: 'retention.auditDays', initial: 0 },
    good: [
      ['0', 0],
      ['365', 365],
      ['36500', 36_500],
    ],
    bad: ['1', '364'],
    message: 'must be 0 or at least 365',
  },
  RETENTION_NOTICE_DAYS: { path: 'retention.noticeDays', initial: 365, ...wholeNumber(0, 36_500) },
  RETENTION_RUN_DAYS: { path: 'retention.runDays', initial: 365, ...wholeNumber(0, 36_500) },
  RETENTION_DELIVERY_DAYS: { path: 'retention.deliveryDays', initial: 30, ...wholeNumber(0, 36_500) },
  RETENTION_SESSION_DAYS: { path: 'retention.sessionDays', initial: 30, ...wholeNumber(0, 36_500) },
  FILTER_LISTS: {
    ...{ path: 'classification.filterLists', initial: [] },
    good: [
      ['', []],
      ['/lists/easylist.txt, /lists/easyprivacy.txt', ['/lists/easylist.txt', '/lists/easyprivacy.txt']],
    ],
    bad: ['easylist.txt', './easylist.txt', '/lists/easylist.txt,easyprivacy.txt'],
    message: 'must be a comma list of absolute paths',
  },
  RABBITMQ_URL: {
    ...{ path: 'events.rabbitmqUrl', initial: null },
    good: [
      ['amqp://u:p@m:5672/vhost', 'amqp://u:p@m:5672/vhost'],
      ['amqps://m', 'amqps://m'],
    ],
    bad: ['sesame', 'http://sesame'],
    message: 'must be a URL such as amqp://user:password@host:5672',
  },
  RABBITMQ_EXCHANGE: {
    ...{ path: 'events.rabbitmqExchange', initial: 'cookie-scanner.events' },
    good: [['a.b-c:d', 'a.b-c:d']],
    bad: ['a b', 'x'.repeat(256)],
    message: 'must be letters, digits and . _ - : only',
  },
};
