import { scanParamsSchema, type SiteObservation } from '@cookie-scanner/contracts';
import { startTestWeb, type Site, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { until } from '../browser-processes.test.helper.ts';
import { visitUncontained } from '../browser/uncontained-browser.test.helper.ts';
import type { NameResolver } from '../egress/name-resolver.ts';
import { openTestEnvironment, type TestEnvironment } from '../engine-fixture.test.helper.ts';
import { runScan } from '../run-scan.ts';
import { answer, page, script, testSite } from '../test-site.test.helper.ts';
import { attemptCode, CHANNELS, webRtcCode, type Channel } from './channels.test.helper.ts';

const PUBLIC_ADDRESS = '93.184.216.34';

/** Ways to write this machine, as pages do. The names are known to the resolver below. */
const SPELLINGS = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '0.0.0.0',
  '0',
  '127.255.255.254',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'deep.in.localhost',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '①②⑦.0.0.1',
  '127。0。0。1',
  '１２７.0.0.1',
  'leads-inside.test',
  'leads-both-ways.test',
  'rebinds.test',
];

/** Names of a hostile name server. */
const answers: Readonly<Record<string, (count: number) => string[]>> = {
  'leads-inside.test': () => ['127.0.0.1'],
  'leads-both-ways.test': () => [PUBLIC_ADDRESS, '127.0.0.1'],
  'rebinds.test': (count) => [count === 1 ? PUBLIC_ADDRESS : '127.0.0.1'],
};
const asked = new Map<string, number>();
const hostileResolver: NameResolver = {
  resolve: async (host) => {
    const count = (asked.get(host) ?? 0) + 1;
    asked.set(host, count);
    const addresses = answers[host]?.(count);
    return addresses ? { ok: true, addresses } : { ok: false, reason: 'not_found' };
  },
};

/** Every channel has a name of its own below `localhost`, so that the gateway's record tells them apart. */
function hostOf({ name }: Pick<Channel, 'name'>): string {
  return `${name}.localhost`;
}

type Answer = Site['routes'][string];

/** A page whose code depends on the port of the private network. */
function hostilePage(code: (port: number) => string): Answer {
  return (exchange) =>
    page(`<h1>Hostile</h1><script>${code(exchange.web.privatePort)}</script>`, ['loaded=1'])(exchange);
}

const redirectAnywhere: Answer = ({ url, response }) => {
  response.writeHead(302, { location: url.searchParams.get('to') ?? '/' }).end();
};
const reportAnywhere: Answer = (exchange) => {
  const to = exchange.url.searchParams.get('to') ?? '';
  const headers = { 'content-security-policy': `img-src 'none'; report-uri ${to}` };
  return answer('text/html', '<img src="/violates.gif">', headers)(exchange);
};

function channelSite(scheme: 'http' | 'https'): Site {
  const site = testSite(`contained-${scheme}`, {
    '/': hostilePage((port) =>
      attemptCode(CHANNELS, (channel) => `${scheme}://${hostOf(channel)}:${port}/private`),
    ),
    '/redirect': redirectAnywhere,
    '/reporting': reportAnywhere,
  });
  return { ...site, url: site.url.replace('https:', `${scheme}:`) };
}

const byHttp = channelSite('http');
const byHttps = channelSite('https');

const FEW = CHANNELS.filter(({ name }) =>
  ['img', 'fetch', 'socket', 'iframe', 'worker-fetch'].includes(name),
);
const spelled: Site = {
  ...testSite('contained-spellings', {
    '/': hostilePage((port) =>
      SPELLINGS.map((host) => `{ ${attemptCode(FEW, () => `http://${host}:${port}/private`)} }`).join('\n'),
    ),
  }),
  url: 'http://contained-spellings.test/',
};

const serviceWorker = testSite('contained-service-worker', {
  '/': page('<script>navigator.serviceWorker.register("/worker.js");</script>', ['loaded=1']),
  '/worker.js': (exchange) =>
    script(`
      const url = 'https://service-worker.localhost:${exchange.web.privatePort}/private';
      addEventListener('install', (event) => event.waitUntil(fetch(url, { mode: 'no-cors' }).catch(() => {})));
      addEventListener('activate', () => { new WebSocket(url.replace('https', 'wss').replace('service-worker', 'service-socket')); });
    `)(exchange),
});

const webRtc = testSite('contained-web-rtc', {
  '/': hostilePage((port) => webRtcCode(['127.0.0.1', 'localhost', '[::1]', 'leads-inside.test'], port)),
});

/** Pages that leave for the private network themselves. */
const leaving = [
  ['assign', (port: number) => `location.href = 'http://leave-assign.localhost:${port}/';`],
  ['replace', (port: number) => `location.replace('http://127.0.0.1:${port}/');`],
  [
    'form',
    (port: number) =>
      `document.body.insertAdjacentHTML('beforeend', '<form method=post action=http://leave-form.localhost:${port}/></form>'); document.forms[0].submit();`,
  ],
  [
    'refresh',
    (port: number) =>
      `document.head.insertAdjacentHTML('beforeend', '<meta http-equiv=refresh content="0;url=http://2130706433:${port}/">');`,
  ],
  // What belongs to another origin is not downloaded but gone to.
  [
    'download',
    (port: number) =>
      `const link = document.createElement('a'); link.href = 'http://leave-download.localhost:${port}/'; link.download = 'file.bin'; link.click();`,
  ],
  [
    'redirect',
    (port: number) => `location.href = '/redirect?to=' + encodeURIComponent('http://[::1]:${port}/');`,
  ],
  [
    'late',
    (port: number) => `setTimeout(() => { location.href = 'http://leave-late.localhost:${port}/'; }, 5000);`,
  ],
] as const;
const leavingSites = leaving.map(([name, code]) =>
  testSite(`contained-leave-${name}`, { '/': hostilePage(code), '/redirect': redirectAnywhere }),
);

let web: TestWeb;
let environment: TestEnvironment | null = null;
let reachedBefore = 0;

beforeEach(() => {
  reachedBefore = web.privateConnectionCount();
});
beforeAll(async () => {
  web = await startTestWeb({
    extraSites: [byHttp, byHttps, spelled, serviceWorker, webRtc, ...leavingSites],
  });
});
afterAll(() => web.close());

async function scan(url: string): Promise<SiteObservation> {
  const params = scanParamsSchema.parse({ mode: 'quick', timeoutMs: 30_000 });
  if (!environment) throw new Error('no browser was started');
  const observation = await runScan(url, { params }, environment);
  expect(observation.cookies.map(({ name }) => name)).toContain('loaded');
  return observation;
}

/** Hosts of the private port that the observation says were refused. */
function refusedHosts({ quality }: SiteObservation): string[] {
  return quality.refusedConnections.filter(({ port }) => port === web.privatePort).map(({ host }) => host);
}

// Each holds on its own: the browser's settings, which are all there is where no namespace is allowed, and the namespace.
describe.each(['off', 'auto'] as const)(
  'a hostile page, with a network namespace: %s',
  (networkNamespace) => {
    beforeAll(async () => {
      asked.clear();
      environment = await openTestEnvironment(web, { resolver: hostileResolver, networkNamespace });
    });
    afterAll(async () => {
      await environment?.browser.close();
      environment = null;
    });

    it('has more than thirty channels to try', () => {
      expect(CHANNELS.filter(({ asksGateway }) => asksGateway).length).toBeGreaterThanOrEqual(31);
    });

    it.each([
      ['http', byHttp],
      ['https', byHttps],
    ])(
      'reaches nothing private through any channel over %s, and every attempt is named',
      async (_scheme, site) => {
        const observation = await scan(site.url);
        const refused = new Set(refusedHosts(observation));
        const silent = CHANNELS.filter((channel) => channel.asksGateway && !refused.has(hostOf(channel)));
        expect(silent.map(({ name }) => name)).toEqual([]);
        expect(
          observation.quality.refusedConnections.every(({ reason }) => reason === 'address_not_allowed'),
        ).toBe(true);
        expect(web.privateConnectionCount() - reachedBefore).toBe(0);
      },
    );

    it('reaches nothing private under any spelling of this machine, nor under names that lead to it', async () => {
      const observation = await scan(spelled.url);
      expect(web.privateConnectionCount() - reachedBefore).toBe(0);
      expect(refusedHosts(observation)).toEqual(
        expect.arrayContaining([
          '127.0.0.1',
          'localhost',
          '::1',
          '::ffff:7f00:1',
          'deep.in.localhost',
          'leads-inside.test',
          'leads-both-ways.test',
          'rebinds.test',
        ]),
      );
      expect(asked.get('rebinds.test')).toBeGreaterThan(1);
    });

    it('reaches nothing private from a service worker', async () => {
      const observation = await scan(serviceWorker.url);
      expect(web.privateConnectionCount() - reachedBefore).toBe(0);
      expect(refusedHosts(observation)).toContain('service-worker.localhost');
    });

    it('reaches nothing private by WebRTC, over UDP or TCP', async () => {
      await scan(webRtc.url);
      expect(web.privateConnectionCount() - reachedBefore).toBe(0);
    });

    it.each(leavingSites.map((site) => [site.name, site] as const))(
      'reaches nothing private by going there itself: %s',
      async (_name, site) => {
        const observation = await scan(site.url);
        expect(web.privateConnectionCount() - reachedBefore).toBe(0);
        expect(refusedHosts(observation)).not.toEqual([]);
      },
    );
  },
);

// Whoever takes away what contains the browser, or breaks the pages above, finds out here that nothing is left to see.
describe('the private network of these tests', () => {
  it('counts TCP connections and UDP packets', async () => {
    const socket = connect(web.privatePort, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
    await until(() => web.privateConnectionCount() === reachedBefore + 1);
    const datagrams = createSocket('udp4');
    datagrams.send('x', web.privatePort, '127.0.0.1');
    await until(() => web.privateConnectionCount() === reachedBefore + 2);
    await new Promise<void>((resolve) => void datagrams.close(resolve));
  });

  it.each([
    ['channels', byHttp, 31],
    ['spellings', spelled, 31],
    ['WebRTC', webRtc, 1],
  ])('is reached by the same pages in a browser that is not contained: %s', async (_what, site, countMin) => {
    await visitUncontained(
      site.url,
      web.hostResolverRules.replaceAll('*', site.url.split('/')[2] ?? ''),
      async () => await until(() => web.privateConnectionCount() - reachedBefore >= countMin),
    );
  });
});
