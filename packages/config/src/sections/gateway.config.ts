import { z } from 'zod';
import { guarded, productionSettings } from '../production-rules.ts';
import { documented, listenHost, port } from '../setting.ts';

/** Where the gateway is: the part of the Api section that other services need for their links. */
export const gatewaySettings = z.object({
  ...productionSettings,
  GATEWAY_HOST: documented(
    listenHost().default('127.0.0.1'),
    'Address the gateway listens on. On another than loopback, passwords and tokens travel in clear: put a proxy that\n' +
      'speaks https before it, and set PUBLIC_URL and TRUSTED_PROXY_HOPS.',
  ),
  GATEWAY_PORT: documented(port().default(8001), 'Port the gateway listens on; 0 takes any free one.'),
  PUBLIC_URL: documented(
    z
      .url({ protocol: /^https?$/, error: 'must be a URL such as https://scanner.example.org' })
      .transform((text) => new URL(text).origin)
      .nullable()
      .default(null),
    'Address under which browsers and other clients reach the gateway when that is not loopback.\n' +
      'Requests that name any other host are refused.',
    { example: 'https://scanner.example.org' },
  ),
});

/** Where the gateway listens and under which address people reach it. */
export const gatewayConfig = guarded(gatewaySettings).transform((env) => ({
  host: env.GATEWAY_HOST,
  port: env.GATEWAY_PORT,
  publicUrl: env.PUBLIC_URL,
}));
