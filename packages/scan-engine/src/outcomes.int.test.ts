import { startTestWeb, type TestWeb } from '@cookie-scanner/test-web';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { scanSite, startTestEngine } from './engine-fixture.test.helper.ts';
import type { ScanEngine } from './scan-engine.ts';
import { page, testSite } from './test-site.test.helper.ts';

const titled = testSite('titled', {
  '/': page('<script>document.title = "Later title"; history.pushState({}, "", "/inner#part");</script>', [
    'seen=1',
  ]),
});
const redirecting = testSite('redirects-oddly', {
  '/file': ({ response }) => void response.writeHead(302, { location: 'file:///etc/hostname' }).end(),
  '/chrome': ({ response }) => void response.writeHead(302, { location: 'chrome://version/' }).end(),
  '/data': ({ response }) => void response.writeHead(302, { location: 'data:text/html,x' }).end(),
  '/relative': ({ response }) => void response.writeHead(302, { location: '../here?x=1' }).end(),
  '/here': page('<h1>Here</h1>'),
});

let web: TestWeb;
let engine: ScanEngine;
let closing: Server;

beforeAll(async () => {
  web = await startTestWeb({ extraSites: [titled, redirecting] });
  // A server that takes every connection and closes it at once.
  closing = createServer((socket) => void socket.destroy());
  await new Promise<void>((resolve) => void closing.listen(0, '127.0.0.1', resolve));
  const closingPort = (closing.address() as AddressInfo).port;
  engine = await startTestEngine(web, {
    ignoreCertificateErrors: false,
    hostResolverRules: `MAP gone.test ~NOTFOUND, MAP closing.test 127.0.0.1:${closingPort}, MAP refusing.test 127.0.0.1:1, ${web.hostResolverRules}`,
  });
});
afterAll(async () => {
  await engine.close();
  await web.close();
  closing.close();
});

describe('a site that cannot be shown', () => {
  it.each([
    ['its name does not exist', 'http://gone.test/', 'failed', 'dns_not_found'],
    ['its server closes every connection', 'http://closing.test/', 'failed', 'connection_failed'],
    ['nobody listens there', 'http://refusing.test/', 'failed', 'connection_failed'],
    ['nobody vouches for its certificate', 'https://plain.test/', 'failed', 'certificate_error'],
    ['it is this machine', 'http://127.0.0.1/', 'blocked', 'address_not_allowed'],
    ['it is this machine in other words', 'http://0x7f.1/', 'blocked', 'address_not_allowed'],
    ['it is this machine in IPv6', 'http://[::1]/', 'blocked', 'address_not_allowed'],
    ['it is localhost', 'http://localhost/', 'blocked', 'address_not_allowed'],
    ['it is a control plane', 'http://169.254.169.254/latest/meta-data/', 'blocked', 'address_not_allowed'],
    ['its port is not for the web', 'http://93.184.216.34:9200/', 'blocked', 'port_not_allowed'],
    ['its port is one that browsers refuse', 'http://93.184.216.34:22/', 'blocked', 'port_not_allowed'],
    ['it redirects to a file', 'http://redirects-oddly.test/file', 'blocked', 'blocked_redirect'],
    [
      'it redirects to the browser itself',
      'http://redirects-oddly.test/chrome',
      'blocked',
      'blocked_redirect',
    ],
    ['it redirects to its own text', 'http://redirects-oddly.test/data', 'blocked', 'blocked_redirect'],
  ])('says so when %s', async (_what, url, status, statusReason) => {
    const observation = await scanSite(engine, url);
    expect(observation).toMatchObject({
      requestedUrl: url,
      status,
      statusReason,
      finalUrl: null,
      cookies: [],
    });
    expect(observation.pages).toMatchObject([{ url, status, statusReason, title: null }]);
  });

  it.each([
    'file:///etc/hostname',
    'FILE:///etc/hostname',
    'chrome://version/',
    'devtools://devtools/bundled/inspector.html',
    'data:text/html,<h1>x</h1>',
    'view-source:http://plain.test/',
    'blob:http://plain.test/x',
    'filesystem:http://plain.test/x',
    'javascript:alert(1)',
    'about:blank',
    'ftp://plain.test/',
    ' http://plain.test/',
    '',
  ])('is not one that is not on the web: %j is refused before a browser sees it', async (url) => {
    await expect(scanSite(engine, url)).rejects.toMatchObject({ code: 'URL_INVALID' });
  });
});

describe('a site that is shown', () => {
  it('has the title and the address that it shows in the end', async () => {
    const url = 'http://titled.test/';
    const observation = await scanSite(engine, url);
    expect(observation).toMatchObject({
      status: 'success',
      statusReason: null,
      finalUrl: 'http://titled.test/inner#part',
      pages: [{ httpStatus: 200, title: 'Later title' }],
    });
  });

  it('names the addresses that led to it', async () => {
    const observation = await scanSite(engine, 'http://redirects-oddly.test/relative');
    expect(observation).toMatchObject({
      status: 'success',
      pages: [
        {
          url: 'http://redirects-oddly.test/here?x=1',
          redirects: ['http://redirects-oddly.test/relative'],
          httpStatus: 200,
        },
      ],
    });
  });
});
