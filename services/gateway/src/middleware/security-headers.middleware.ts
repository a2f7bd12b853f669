import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers that keep a browser from doing anything with our answers but showing them.
 *
 * @param isHttps - whether people reach us over https, so that a browser may be told to insist on it
 */
export function securityHeaders({ isHttps }: { isHttps: boolean }): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isHttps,
  });
}
