import type { Site } from '@cookie-scanner/test-web';

const PAGE = 'https://gated.test/';
const SCRIPT = 'https://gated.test/set.js';
const PIXEL = 'https://tracker.test/gated/pixel.gif';

/** A site that holds every visitor half way until it is told to let them pass. */
export interface GatedSite {
  readonly site: Site;
  /** How many visitors have come as far as the gate. */
  arrivals(): number;
  /** Lets everybody pass who waits and who comes later. */
  open(): void;
}

const noFlags = { path: '/', httpOnly: false, lifetimeSeconds: null, declaredLifetimeSeconds: null };

/** The gate is the answer to a pixel, so that a scan that waits there has seen cookies already. */
export function gatedSite(): GatedSite {
  const { promise: opened, resolve: open } = Promise.withResolvers<undefined>();
  let arrivals = 0;

  const site: Site = {
    name: 'gated',
    url: PAGE,
    summary: 'Sets two cookies, then a third one behind a gate',
    routes: {
      'gated.test/': ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'first=1; Path=/' });
        response.end(
          `<!doctype html><title>Gated</title><script src="/set.js"></script><img src="${PIXEL}">`,
        );
      },
      'gated.test/set.js': ({ response }) => {
        response.writeHead(200, { 'content-type': 'text/javascript' });
        response.end('document.cookie = "second=2; Path=/"');
      },
      'tracker.test/gated/pixel.gif': async ({ response }) => {
        arrivals += 1;
        await opened;
        const cookie = 'third=3; Path=/; SameSite=None; Secure';
        response.writeHead(200, { 'content-type': 'image/gif', 'set-cookie': cookie });
        response.end(Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'));
      },
    },
    truth: {
      outcome: { statuses: ['success'], finalUrls: [PAGE], httpStatuses: [200] },
      cookies: [
        {
          ...noFlags,
          ...{ name: 'first', value: '1', domain: 'gated.test', hostOnly: true, party: 'first' },
          ...{ secure: false, sameSite: 'unset', partitionKey: null, ratherNeeds: [] },
          setBy: { kind: 'http', url: PAGE, initiators: [] },
        },
        {
          ...noFlags,
          ...{ name: 'second', value: '2', domain: 'gated.test', hostOnly: true, party: 'first' },
          ...{ secure: false, sameSite: 'unset', partitionKey: null, ratherNeeds: [] },
          setBy: { kind: 'javascript', url: SCRIPT, initiators: [] },
        },
        {
          ...noFlags,
          ...{ name: 'third', value: '3', domain: 'tracker.test', hostOnly: true, party: 'third' },
          ...{ secure: true, sameSite: 'None', partitionKey: null, ratherNeeds: [] },
          setBy: { kind: 'http', url: PIXEL, initiators: [PAGE] },
        },
      ],
      transientCookies: [],
      blockedCookies: [],
      storage: [],
      aliasedHosts: [],
      fingerprinters: [],
      transfers: null,
      afterAccept: null,
      afterReject: null,
    },
  };

  return { site, arrivals: () => arrivals, open: () => open(undefined) };
}
