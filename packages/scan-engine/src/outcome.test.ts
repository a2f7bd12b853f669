import { describe, expect, it } from '@jest/globals';
import type { HostRecord } from './egress/host-log.ts';
import { botWallSign, pageOutcome } from './outcome.ts';

type Evidence = Parameters<typeof pageOutcome>[0];

function evidence({
  navigation,
  ...rest
}: Partial<Omit<Evidence, 'navigation'>> & { navigation?: Partial<Evidence['navigation']> } = {}): Evidence {
  return {
    navigation: { errorText: null, timedOut: false, loaded: true, crashed: false, ...navigation },
    endedForMemory: false,
    httpStatus: 200,
    title: 'Shop',
    host: null,
    wasRedirected: false,
    wasHeldBack: false,
    ...rest,
  };
}

function host(outcome: HostRecord['outcome']): HostRecord {
  return {
    host: 'shop.test',
    port: 443,
    outcome,
    address: null,
    detail: null,
    cnames: [],
    aliasesKnown: true,
    count: 1,
  };
}

function failedBy(
  outcome: HostRecord['outcome'],
  more: Partial<Omit<Evidence, 'navigation'>> = {},
): Evidence {
  return evidence({
    navigation: { errorText: 'net::ERR_SOCKS_CONNECTION_FAILED', loaded: false },
    httpStatus: null,
    host: host(outcome),
    ...more,
  });
}

describe('pageOutcome', () => {
  it('is a success when the page came and loaded', () => {
    expect(pageOutcome(evidence())).toEqual({ status: 'success', reason: null });
  });

  it('is partial when the page was shown but never finished loading', () => {
    expect(pageOutcome(evidence({ navigation: { loaded: false } }))).toEqual({
      status: 'partial',
      reason: 'load_timeout',
    });
  });

  it('is partial when the page crashed, whatever else is known', () => {
    const crashed = evidence({
      navigation: { crashed: true, loaded: false, errorText: 'net::ERR_ABORTED' },
      httpStatus: 503,
    });
    expect(pageOutcome(crashed)).toEqual({ status: 'partial', reason: 'page_crashed' });
  });

  it('is a failure when no answer came in time', () => {
    expect(
      pageOutcome(evidence({ navigation: { timedOut: true, loaded: false }, httpStatus: null })),
    ).toEqual({
      status: 'failed',
      reason: 'timeout',
    });
  });

  it.each([
    [401, 'Staff only', 'authentication_required'],
    [407, 'Proxy', 'authentication_required'],
    [403, 'Just a moment...', 'bot_wall'],
    [503, 'Attention Required! | Cloudflare', 'bot_wall'],
    [429, 'Are you a robot?', 'bot_wall'],
    [403, 'Forbidden', 'forbidden'],
    [429, 'Slow down', 'rate_limited'],
  ])('is blocked at status %i titled "%s": %s', (httpStatus, title, reason) => {
    expect(pageOutcome(evidence({ httpStatus, title }))).toEqual({ status: 'blocked', reason });
  });

  it.each([404, 410, 500, 502, 503])('is a failure at status %i', (httpStatus) => {
    expect(pageOutcome(evidence({ httpStatus, title: 'Sorry' }))).toEqual({
      status: 'failed',
      reason: `http_${httpStatus}`,
    });
  });

  it('is not fooled by a shop that sells "Just a moment" cards', () => {
    expect(pageOutcome(evidence({ title: 'Just a moment: greeting cards' }))).toEqual({
      status: 'success',
      reason: null,
    });
  });

  it.each([
    ['not_found', { status: 'failed', reason: 'dns_not_found' }],
    ['dns_error', { status: 'failed', reason: 'dns_error' }],
    ['connect_failed', { status: 'failed', reason: 'connection_failed' }],
    ['connect_timeout', { status: 'failed', reason: 'connection_timeout' }],
    ['limit_reached', { status: 'partial', reason: 'size_limit' }],
    ['address_not_allowed', { status: 'blocked', reason: 'address_not_allowed' }],
    ['port_not_allowed', { status: 'blocked', reason: 'port_not_allowed' }],
    ['host_not_allowed', { status: 'blocked', reason: 'host_not_allowed' }],
  ] as const)('tells what the gateway knows of a failed connection: %s', (outcome, expected) => {
    expect(pageOutcome(failedBy(outcome))).toEqual(expected);
  });

  it('says of a redirect to a place that is not public that it was blocked', () => {
    expect(pageOutcome(failedBy('address_not_allowed', { wasRedirected: true }))).toEqual({
      status: 'blocked',
      reason: 'blocked_redirect',
    });
  });

  it.each([
    ['net::ERR_CERT_AUTHORITY_INVALID', null, { status: 'failed', reason: 'certificate_error' }],
    ['net::ERR_SSL_PROTOCOL_ERROR', null, { status: 'failed', reason: 'certificate_error' }],
    ['net::ERR_TOO_MANY_REDIRECTS', 302, { status: 'failed', reason: 'too_many_redirects' }],
    ['net::ERR_UNSAFE_PORT', null, { status: 'blocked', reason: 'port_not_allowed' }],
    ['net::ERR_UNSAFE_REDIRECT', 302, { status: 'blocked', reason: 'blocked_redirect' }],
    ['net::ERR_INVALID_AUTH_CREDENTIALS', 401, { status: 'blocked', reason: 'authentication_required' }],
    ['net::ERR_ABORTED', 204, { status: 'failed', reason: 'no_content' }],
    ['net::ERR_ABORTED', 205, { status: 'failed', reason: 'no_content' }],
    ['net::ERR_ABORTED', 200, { status: 'failed', reason: 'download' }],
    ['net::ERR_TIMED_OUT', null, { status: 'failed', reason: 'timeout' }],
    ['net::ERR_EMPTY_RESPONSE', null, { status: 'failed', reason: 'connection_failed' }],
    ['net::ERR_CONNECTION_RESET', null, { status: 'failed', reason: 'connection_failed' }],
    ['net::ERR_SOCKET_NOT_CONNECTED', null, { status: 'failed', reason: 'connection_failed' }],
    ['net::ERR_SOCKS_CONNECTION_FAILED', null, { status: 'failed', reason: 'connection_failed' }],
    ['net::ERR_HTTP2_PROTOCOL_ERROR', null, { status: 'failed', reason: 'connection_failed' }],
    ['net::ERR_BLOCKED_BY_RESPONSE', 200, { status: 'failed', reason: 'err_blocked_by_response' }],
  ] as const)("reads the browser's %s with status %s", (errorText, httpStatus, expected) => {
    const failed = evidence({
      navigation: { errorText, loaded: false },
      httpStatus,
      host: host('connected'),
    });
    expect(pageOutcome(failed)).toEqual(expected);
  });
});

describe('botWallSign', () => {
  it('names status and title of a wall', () => {
    expect(botWallSign(403, 'Just a moment...')).toBe('status 403 with the title "Just a moment..."');
  });

  it.each([
    [200, 'Just a moment...'],
    [403, 'Forbidden'],
    [403, null],
    [null, 'Just a moment...'],
  ])('sees none at status %s titled %j', (httpStatus, title) => {
    expect(botWallSign(httpStatus, title)).toBeNull();
  });
});
