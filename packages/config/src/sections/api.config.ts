import { guarded } from '../production-rules.ts';
import { documented, originList, wholeNumber, yesOrNo } from '../setting.ts';
import { gatewaySettings } from './gateway.config.ts';

/** The public door: where it is, and how much it takes. */
export const apiConfig = guarded(
  gatewaySettings.extend({
    API_STREAMS_MAX: documented(
      wholeNumber(1, 100_000).default(500),
      'Clients that may watch scans live at the same time; each costs a look into the database a second.',
      { isLive: true },
    ),
    API_RATE_LIMIT_PER_MINUTE: documented(
      wholeNumber(1, 1_000_000).default(600),
      'Requests that one client may make a minute.',
      { isLive: true },
    ),
    API_LIVE_CONNECTIONS_MAX: documented(
      wholeNumber(1, 100_000).default(1_000),
      'Live connections (WebSocket) that one gateway holds open at the same time.',
      { isLive: true },
    ),
    API_LIVE_CONNECTIONS_PER_WORKSPACE_MAX: documented(
      wholeNumber(1, 1_000).default(200),
      'Live connections to one workspace at the same time, over all gateways.',
      { isLive: true },
    ),
    API_LIVE_CONNECTIONS_PER_PERSON_MAX: documented(
      wholeNumber(1, 1_000).default(10),
      'Live connections of one person at the same time: to one workspace over all gateways, and to one gateway.',
      { isLive: true },
    ),
    API_CORS_ORIGINS: documented(
      originList(),
      'Origins of other sites whose pages may use the API with a token or key, separated by commas. Each is compared ' +
        'character by character. Without it there are none.',
      { example: 'https://dashboard.example.org' },
    ),
    BULL_BOARD_WRITABLE: documented(
      yesOrNo().default(false),
      'Let Admins change queues on Bull Board, for five minutes after they proved again who they are: pause, retry,\n' +
        'promote and remove jobs. Each change is in the audit log.',
    ),
    TRUSTED_PROXY_HOPS: documented(
      wholeNumber(0, 10).default(0),
      'Proxies of yours before the gateway. That many entries of X-Forwarded-For are believed, to tell clients apart.',
    ),
  }),
).transform((env) => ({
  host: env.GATEWAY_HOST,
  port: env.GATEWAY_PORT,
  publicUrl: env.PUBLIC_URL,
  streamsMax: env.API_STREAMS_MAX,
  liveLimits: {
    connectionsMax: env.API_LIVE_CONNECTIONS_MAX,
    perWorkspaceMax: env.API_LIVE_CONNECTIONS_PER_WORKSPACE_MAX,
    perPersonMax: env.API_LIVE_CONNECTIONS_PER_PERSON_MAX,
  },
  rateLimitPerMinute: env.API_RATE_LIMIT_PER_MINUTE,
  corsOrigins: env.API_CORS_ORIGINS,
  isBoardWritable: env.BULL_BOARD_WRITABLE,
  trustedProxyHops: env.TRUSTED_PROXY_HOPS,
}));
