import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStubDnsServer, type StubDnsServer } from './egress/stub-dns-server.test.helper.ts';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { page, testSite } from './test-site.test.helper.ts';

const PUBLIC = '93.184.216.34';
const aliased = testSite('aliased-by-dns', {
  '/': page('<img src="https://metrics.aliased-by-dns.test/hit.gif">'),
  'metrics.aliased-by-dns.test/hit.gif': page('', ['mid=1; Domain=aliased-by-dns.test']),
});

let web: TestWeb;
let server: StubDnsServer;
let engine: ScanEngine;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [aliased] });
  server = await startStubDnsServer({
    'ill.example': { fails: 'servfail' },
    'unwilling.example': { fails: 'refused' },
    'inside.example': { a: ['10.0.0.1'] },
    'mixed.example': { a: [PUBLIC, '127.0.0.1'] },
    'aliased-by-dns.test': {},
    'metrics.aliased-by-dns.test': { cname: 'edge.customers.test' },
    'edge.customers.test': { cname: 'x.tracker.test' },
    'x.tracker.test': { a: [PUBLIC] },
  });
  const { httpPort, httpsPort } = web;
  engine = await startTestEngine(web, {
    dnsServers: [server.address],
    hostResolverRules: `MAP *.test:443 127.0.0.1:${httpsPort}, MAP *.test:80 127.0.0.1:${httpPort}`,
  });
});
afterAll(async () => {
  await engine.close();
  await web.close();
  await server.close();
});

describe('name servers that were named', () => {
  it.each([
    ['gone.example', 'failed', 'dns_not_found', 'not_found', null],
    ['ill.example', 'failed', 'dns_error', 'dns_error', 'servfail'],
    ['unwilling.example', 'failed', 'dns_error', 'dns_error', 'refused'],
    ['inside.example', 'blocked', 'address_not_allowed', 'address_not_allowed', null],
    ['mixed.example', 'blocked', 'address_not_allowed', 'address_not_allowed', null],
  ])('decide about %s: %s, %s', async (host, status, statusReason, outcome, detail) => {
    const observation = await scanSite(engine, `http://${host}/`);
    expect(observation).toMatchObject({ status, statusReason, finalUrl: null });
    expect(observation.hosts).toEqual([
      expect.objectContaining({ host, outcome, detail, address: null, party: 'first' }),
    ]);
  });

  it('tell of a mapped host which names it is an alias of', async () => {
    const { hosts, cookies, quality } = await scanSite(engine, aliased.url);
    expect(hosts.find(({ host }) => host === 'metrics.aliased-by-dns.test')).toEqual({
      host: 'metrics.aliased-by-dns.test',
      party: 'first',
      requests: 1,
      address: '127.0.0.1',
      cnames: ['edge.customers.test', 'x.tracker.test'],
      outcome: 'connected',
      detail: null,
    });
    expect(cookies).toEqual([expect.objectContaining({ name: 'mid', party: 'first' })]);
    expect(quality.notes).toEqual([]);
  });
});
