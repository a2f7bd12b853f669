import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { requestSent, responseReceived } from '../fake-target.test.helper.ts';
import { collectCookieWrites } from './cookie-writes.ts';
import { identifierTransfers } from './identifier-transfers.ts';
import { scanEvidence, type ScanEvidence } from './scan-evidence.test.helper.ts';

const ID = '7f3c9a1e5b8d4620a9e1c4f7';

function transfersOf(evidence: ScanEvidence): ReturnType<typeof identifierTransfers> {
  const chains = evidence.chains();
  const writes = collectCookieWrites({ ...evidence, chains, startedAtMs: 0 });
  return identifierTransfers({ writes, jar: [], requests: evidence.requests.all(), chains });
}

function setCookie(evidence: ScanEvidence, line: string): void {
  evidence.report(evidence.page, ['document.cookie', line, true], undefined);
}

function ask(evidence: ScanEvidence, id: string, url: string, request: object = {}): void {
  const event = requestSent(id, url) as { request: object };
  evidence.page.emit('Network.requestWillBeSent', {
    ...event,
    request: { ...event.request, ...request },
  });
  evidence.page.emit('Network.responseReceived', responseReceived(id));
}

describe('an identifier of the page', () => {
  it.each([
    ['as it is', ID, 'plain'],
    ['inside a larger value', `v2|${ID}|x`, 'plain'],
    ['as MD5', createHash('md5').update(ID).digest('hex'), 'md5'],
    ['as SHA-1, in capitals', createHash('sha1').update(ID).digest('hex').toUpperCase(), 'sha1'],
    ['as SHA-256', createHash('sha256').update(ID).digest('hex'), 'sha256'],
    ['as Base64', Buffer.from(ID).toString('base64'), 'base64'],
    ['as hexadecimal', Buffer.from(ID).toString('hex'), 'hex'],
  ])('is seen going to another site %s', (_how, sent, encoding) => {
    const evidence = scanEvidence();
    setCookie(evidence, `uid=${ID}`);
    ask(evidence, 'r', `https://other.test/hit?x=1&u=${encodeURIComponent(sent)}`);
    const transfers = transfersOf(evidence);
    expect(transfers).toMatchObject([
      {
        fromHost: 'shop.test',
        toHost: 'other.test',
        carriedBy: 'query',
        encoding,
        fromCookie: 'uid',
        toCookie: null,
        parameter: 'u',
        url: 'https://other.test/hit',
        count: 1,
      },
    ]);
    expect(JSON.stringify(transfers)).not.toContain(ID);
  });

  it('stays within its site, also on another host of it', () => {
    const evidence = scanEvidence();
    setCookie(evidence, `uid=${ID}`);
    ask(evidence, 'r', `https://api.shop.test/hit?u=${ID}`);
    expect(transfersOf(evidence)).toEqual([]);
  });

  it('is none when it is a word, a switch or too short to be told from others', () => {
    const evidence = scanEvidence();
    setCookie(evidence, 'theme=dark-blue-contrast');
    setCookie(evidence, 'n=a8f3');
    ask(evidence, 'r', 'https://other.test/hit?t=dark-blue-contrast&n=a8f3');
    expect(transfersOf(evidence)).toEqual([]);
  });

  it('is not sent to the one who made it up', () => {
    const evidence = scanEvidence();
    evidence.at(1);
    ask(evidence, 'first', 'https://other.test/id');
    evidence.page.emit('Network.responseReceivedExtraInfo', {
      requestId: 'first',
      headers: { 'set-cookie': `theirs=${ID}` },
      statusCode: 200,
      blockedCookies: [],
    });
    evidence.at(500);
    setCookie(evidence, `ours=${ID}`);
    ask(evidence, 'back', `https://other.test/hit?u=${ID}`);
    expect(transfersOf(evidence)).toEqual([]);
  });

  it('is not named in the address when it is a part of that', () => {
    const evidence = scanEvidence();
    setCookie(evidence, `uid=${ID}`);
    ask(evidence, 'r', `https://other.test/u/${ID}/hit`);
    expect(transfersOf(evidence)).toMatchObject([{ carriedBy: 'path', url: 'https://other.test/u/*/hit' }]);
  });

  it('is counted once for each way, however often it goes', () => {
    const evidence = scanEvidence();
    setCookie(evidence, `uid=${ID}`);
    for (const id of ['a', 'b', 'c'])
      ask(evidence, id, 'https://other.test/hit', {
        method: 'POST',
        postDataEntries: [{ bytes: Buffer.from(`{"id":"${ID}"}`).toString('base64') }],
      });
    expect(transfersOf(evidence)).toMatchObject([{ carriedBy: 'body', parameter: null, count: 3 }]);
  });
});

describe('a redirect', () => {
  it('hands on what an address had, also where no cookie holds it', () => {
    const evidence = scanEvidence();
    const from = `https://click.test/go?gid=${ID}`;
    evidence.page.emit('Network.requestWillBeSent', requestSent('r', from));
    evidence.page.emit(
      'Network.requestWillBeSent',
      requestSent('r', `https://other.test/land?g=${ID}`, { redirectedFrom: { url: from, status: 302 } }),
    );
    expect(transfersOf(evidence)).toMatchObject([
      {
        fromHost: 'click.test',
        toHost: 'other.test',
        carriedBy: 'redirect',
        fromCookie: null,
        parameter: 'g',
      },
    ]);
  });
});
