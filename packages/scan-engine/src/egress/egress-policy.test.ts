import { parseHostRules } from '@cookie-scanner/url-policy';
import { describe, expect, it } from '@jest/globals';
import { decideEgress, type EgressDecision, type EgressPolicy } from './egress-policy.ts';
import type { NameResolver, Resolution } from './name-resolver.ts';

const PUBLIC = '93.184.216.34';
const PUBLIC_V6 = '2606:2800:220:1:248:1893:25c8:1946';

/** A name server that gives these answers, one after the other, and then the last one for ever. */
function dns(
  ...answers: (readonly string[] | 'not_found' | 'dns_error')[]
): NameResolver & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (host): Promise<Resolution> => {
      const answer = answers[Math.min(asked.length, answers.length - 1)] ?? 'not_found';
      asked.push(host);
      return typeof answer === 'string' ? { ok: false, reason: answer } : { ok: true, addresses: answer };
    },
  };
}

function policy(more: Partial<EgressPolicy> & { rules?: string } = {}): EgressPolicy {
  const { rules = '', ...rest } = more;
  return { hostRules: parseHostRules(rules), allowPrivateNetworks: false, resolver: dns([PUBLIC]), ...rest };
}

async function decide(
  host: string,
  port = 80,
  more: Parameters<typeof policy>[0] = {},
): Promise<EgressDecision> {
  return await decideEgress(policy(more), host, port);
}

/** Spellings of addresses that are not public. Whatever a browser makes of them, no name server is asked. */
const PRIVATE_SPELLINGS = [
  // This host.
  '127.0.0.1',
  '127.0.0.1.',
  '127.255.255.254',
  '127.1',
  '127.0.1',
  '0.0.0.0',
  '0',
  '2130706433',
  '017700000001',
  '0x7f000001',
  '0X7F000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '0177.0.0.01',
  '127.0.0.0x1',
  '0x7f.1',
  '00000127.0.0.1',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'app.localhost',
  'a.b.localhost.',
  // Private networks, link-local addresses, and what else the registries keep back.
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '169.254.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '0xa.0.0.1',
  '012.0.0.1',
  '167772161',
  '3232235521',
  // Control planes of clouds.
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '168.63.129.16',
  'fd00:ec2::254',
  // IPv6, and IPv4 inside of it.
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '0000:0000:0000:0000:0000:0000:0000:0001',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::FFFF:7F00:0001',
  '::ffff:0:127.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::127.0.0.1',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  '2001:0:7f00:1::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '2001:db8::1',
  '100::1',
  '3fff::1',
  '5f00::1',
  '4000::1',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  // What is neither a name nor an address.
  '',
  '.',
  '[::1]',
  '127.0.0.1:80',
  'user@127.0.0.1',
  '127.0.0.1/x',
  '127.0.0.1#',
  '127.0.0.1%00',
  '127.0.0.1 ',
  ' 127.0.0.1',
  '127。0。0。1',
  '①②⑦.0.0.1',
  '１２７.0.0.1',
  'exa\u0000mple.test',
  'ex\u00e4mple.test',
  `${PUBLIC_V6}%eth0`,
  `a.${'b'.repeat(252)}`,
];

describe('an address that is not public', () => {
  it.each(PRIVATE_SPELLINGS)('is refused when it is spelled %j, without asking anybody', async (host) => {
    const resolver = dns([PUBLIC]);
    const decision = await decide(host, 80, { resolver });
    expect(decision).toEqual({
      allowed: false,
      reason: expect.stringMatching(/^(address|host)_not_allowed$/),
    });
    expect(resolver.asked).toEqual([]);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', 'localhost'])(
    'is refused as %j also where rules map every name',
    async (host) => {
      const rules = 'MAP *:80 127.0.0.1:8080, MAP * 127.0.0.1';
      expect(await decide(host, 80, { rules })).toEqual({ allowed: false, reason: 'address_not_allowed' });
    },
  );

  it.each(['127.0.0.1', '::1', '169.254.169.254'])('is refused as %j on every port', async (host) => {
    for (const port of [0, 1, 22, 80, 443, 6379, 8080, 65_535]) {
      expect(await decide(host, port)).toEqual({ allowed: false, reason: 'address_not_allowed' });
    }
  });
});

describe('a public address', () => {
  it.each([PUBLIC, `${PUBLIC}.`, '1.1.1.1', PUBLIC_V6, PUBLIC_V6.toUpperCase(), '::ffff:93.184.216.34'])(
    'may be connected to: %s',
    async (host) => {
      expect(await decide(host, 443)).toMatchObject({ allowed: true, port: 443 });
    },
  );

  it.each([80, 443, 8080, 8443])('may be connected to on port %i', async (port) => {
    expect(await decide(PUBLIC, port)).toEqual({ allowed: true, addresses: [PUBLIC], port });
  });

  it.each([0, 21, 22, 25, 53, 5432, 6379, 9200, 11_211, 27_017, 65_535])(
    'may not be connected to on port %i',
    async (port) => {
      expect(await decide(PUBLIC, port)).toEqual({ allowed: false, reason: 'port_not_allowed' });
      expect(await decide('shop.test', port)).toEqual({ allowed: false, reason: 'port_not_allowed' });
    },
  );
});

describe('a name', () => {
  it('is resolved once, and the decision names the addresses that were judged', async () => {
    const resolver = dns([PUBLIC, PUBLIC_V6]);
    const decision = await decide('Shop.Test.', 443, { resolver });
    expect(decision).toEqual({ allowed: true, addresses: [PUBLIC, PUBLIC_V6], port: 443 });
    expect(resolver.asked).toEqual(['shop.test']);
  });

  it.each([
    [['127.0.0.1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['::1']],
    [['fd00:ec2::254']],
    [['::ffff:127.0.0.1']],
    [['100.100.100.200']],
    [['not an address']],
  ])('that leads to %j is refused', async (answer) => {
    expect(await decide('rebind.test', 80, { resolver: dns(answer) })).toEqual({
      allowed: false,
      reason: 'address_not_allowed',
    });
  });

  it.each([
    [[PUBLIC, '127.0.0.1']],
    [['127.0.0.1', PUBLIC]],
    [[PUBLIC, '::1']],
    [[PUBLIC, PUBLIC_V6, '10.0.0.1']],
  ])('with mixed answers %j is refused as a whole', async (answer) => {
    expect(await decide('mixed.test', 80, { resolver: dns(answer) })).toEqual({
      allowed: false,
      reason: 'address_not_allowed',
    });
  });

  it('that leads to the public network first and to a private one later is judged every time', async () => {
    const rebinding = policy({ resolver: dns([PUBLIC], ['127.0.0.1']) });
    expect(await decideEgress(rebinding, 'rebind.test', 80)).toMatchObject({
      allowed: true,
      addresses: [PUBLIC],
    });
    expect(await decideEgress(rebinding, 'rebind.test', 80)).toEqual({
      allowed: false,
      reason: 'address_not_allowed',
    });
  });

  it.each(['not_found', 'dns_error'] as const)(
    'that the name server answers with %s says so',
    async (reason) => {
      expect(await decide('gone.test', 80, { resolver: dns(reason) })).toEqual({ allowed: false, reason });
    },
  );

  it.each([
    'metadata.google.internal',
    'intranet',
    'printer.local',
    'redis',
    'a_b.test',
    'xn--e1afmkfd.xn--p1ai',
    '1.2.3.4.nip.io',
    '0x7f.test',
  ])('is nothing but a name, and its answer decides: %s', async (host) => {
    expect(await decide(host, 80, { resolver: dns(['10.0.0.1']) })).toEqual({
      allowed: false,
      reason: 'address_not_allowed',
    });
    expect(await decide(host, 80)).toMatchObject({ allowed: true });
  });
});

describe('a name that a rule maps', () => {
  it('goes where the operator says, private or not', async () => {
    const rules = 'MAP *:443 127.0.0.1:8443';
    expect(await decide('shop.test', 443, { rules })).toEqual({
      allowed: true,
      addresses: ['127.0.0.1'],
      port: 8443,
    });
  });

  it('does not exist when the rule says so', async () => {
    expect(await decide('gone.test', 80, { rules: 'MAP gone.test ~NOTFOUND' })).toEqual({
      allowed: false,
      reason: 'not_found',
    });
  });

  it('to another name is judged by what that name leads to', async () => {
    const rules = 'MAP shop.test origin.test:8080';
    const open = dns([PUBLIC]);
    expect(await decide('shop.test', 80, { rules, resolver: open })).toEqual({
      allowed: true,
      addresses: [PUBLIC],
      port: 8080,
    });
    expect(open.asked).toEqual(['origin.test']);
    expect(await decide('shop.test', 80, { rules, resolver: dns(['127.0.0.1']) })).toEqual({
      allowed: false,
      reason: 'address_not_allowed',
    });
  });

  it('to another name that is not found says so', async () => {
    const rules = 'MAP shop.test origin.test';
    expect(await decide('shop.test', 80, { rules, resolver: dns('not_found') })).toEqual({
      allowed: false,
      reason: 'not_found',
    });
  });

  it.each([22, 6379, 8080])('on a port that no rule names is judged like any other: %i', async (port) => {
    const rules = 'MAP *:443 127.0.0.1:8443, MAP *:80 127.0.0.1:8080';
    const decision = await decide('shop.test', port, { rules, resolver: dns(['127.0.0.1']) });
    expect(decision).toEqual({ allowed: false, reason: 'address_not_allowed' });
  });
});

describe('where the operator allows private networks', () => {
  const allowed = { allowPrivateNetworks: true };

  it.each(['127.0.0.1', '::1', '10.0.0.1'])('%s may be connected to, on any port', async (host) => {
    expect(await decide(host, 3_000, allowed)).toEqual({ allowed: true, addresses: [host], port: 3_000 });
  });

  it('localhost is this host, and no name server is asked', async () => {
    const resolver = dns('not_found');
    const decision = await decide('app.localhost', 3_000, { ...allowed, resolver });
    expect(decision).toEqual({ allowed: true, addresses: ['127.0.0.1', '::1'], port: 3_000 });
    expect(resolver.asked).toEqual([]);
  });

  it.each(['', '0x7f.1', '2130706433', 'a b'])('%j is still neither a name nor an address', async (host) => {
    expect(await decide(host, 80, allowed)).toEqual({ allowed: false, reason: 'host_not_allowed' });
  });
});
