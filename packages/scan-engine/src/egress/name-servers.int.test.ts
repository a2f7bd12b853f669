import { afterEach, describe, expect, it } from '@jest/globals';
import { parseHostRules } from '@cookie-scanner/url-policy';
import { createAliasLookup, type AliasLookup } from './alias-lookup.ts';
import { decideEgress } from './egress-policy.ts';
import { createHostLog } from './host-log.ts';
import { createNameResolver, type NameResolver } from './name-resolver.ts';
import { startStubDnsServer, type StubDnsServer, type StubRecord } from './stub-dns-server.test.helper.ts';

const servers: StubDnsServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function ask(
  records: Readonly<Record<string, StubRecord>>,
): Promise<{ server: StubDnsServer; resolver: NameResolver; aliases: AliasLookup }> {
  const server = await startStubDnsServer(records);
  servers.push(server);
  const nameServers = { servers: [server.address], timeoutMs: 150 };
  return { server, resolver: createNameResolver(nameServers), aliases: createAliasLookup(nameServers) };
}

describe('the addresses of a name', () => {
  it('come from the name servers that were named', async () => {
    const { resolver, server } = await ask({ 'shop.test': { a: ['93.184.216.34', '93.184.216.35'] } });
    expect(await resolver.resolve('shop.test')).toEqual({
      ok: true,
      addresses: ['93.184.216.34', '93.184.216.35'],
    });
    expect(server.asked).toContain('A shop.test');
  });

  it('are not found where the name does not exist, or has none', async () => {
    const { resolver } = await ask({ 'mail.test': {} });
    expect(await resolver.resolve('gone.test')).toEqual({ ok: false, reason: 'not_found' });
    expect(await resolver.resolve('mail.test')).toEqual({ ok: false, reason: 'not_found' });
  });

  it.each([
    ['servfail', 'servfail'],
    ['refused', 'refused'],
    ['silent', 'timeout'],
  ] as const)('are an error with its cause when the server is at fault: %s', async (fails, detail) => {
    const { resolver } = await ask({ 'ill.test': { fails } });
    expect(await resolver.resolve('ill.test')).toEqual({ ok: false, reason: 'dns_error', detail });
  });
});

describe('the aliases of a name', () => {
  it('are followed to their end, and asked for once', async () => {
    const { aliases, server } = await ask({
      'metrics.shop.test': { cname: 'Edge.customers.test' },
      'edge.customers.test': { cname: 'x.tracker.test' },
      'x.tracker.test': { a: ['93.184.216.34'] },
    });
    const chain = { names: ['edge.customers.test', 'x.tracker.test'], isComplete: true };
    expect(await Promise.all([1, 2].map(() => aliases.chainOf('metrics.shop.test')))).toEqual([chain, chain]);
    expect(await aliases.chainOf('metrics.shop.test')).toEqual(chain);
    expect(server.asked.filter((question) => question === 'CNAME metrics.shop.test')).toHaveLength(1);
  });

  it.each([
    ['that lead back', { 'a.test': { cname: 'b.test' }, 'b.test': { cname: 'a.test' } }, ['b.test']],
    ['of themselves', { 'a.test': { cname: 'a.test' } }, []],
    [
      'whose server fails on the way',
      { 'a.test': { cname: 'b.test' }, 'b.test': { fails: 'servfail' } },
      ['b.test'],
    ],
    ['whose server is silent', { 'a.test': { fails: 'silent' } }, []],
  ] as const)('%s end there and are called incomplete', async (_what, records, names) => {
    const { aliases } = await ask(records);
    expect(await aliases.chainOf('a.test')).toEqual({ names, isComplete: false });
  });

  it('are cut where a chain is longer than any real one', async () => {
    const { aliases, server } = await ask(
      Object.fromEntries(
        Array.from({ length: 40 }, (_, step) => [`a${step}.test`, { cname: `a${step + 1}.test` }]),
      ),
    );
    const chain = await aliases.chainOf('a0.test');
    expect(chain.isComplete).toBe(false);
    expect(chain.names).toHaveLength(8);
    expect(server.asked).toHaveLength(8);
  });
});

describe('a connection', () => {
  const policyOf = ({ resolver, aliases }: Awaited<ReturnType<typeof ask>>, rules = '') => ({
    hostRules: parseHostRules(rules),
    allowPrivateNetworks: false,
    resolver,
    aliases,
  });

  it('does not wait until the aliases of its host are known', async () => {
    const late = Promise.withResolvers<undefined>();
    const policy = policyOf(
      await ask({
        'shop.test': { a: ['93.184.216.34'], cname: 'b.test' },
        'b.test': { after: late.promise, cname: 'c.test' },
        'c.test': {},
      }),
    );
    const log = createHostLog(policy);
    const record = log.note('shop.test', 443);
    expect(await decideEgress(policy, 'shop.test', 443)).toMatchObject({ allowed: true });
    expect(record).toMatchObject({ cnames: [], aliasesKnown: false });
    late.resolve(undefined);
    await log.untilAliasesKnown();
    expect(record).toMatchObject({ cnames: ['b.test', 'c.test'], aliasesKnown: true });
  });

  it('has the aliases of the host rules, and those that name servers add to the last of them', async () => {
    const answers = await ask({ 'x.tracker.test': { cname: 'node.tracker.test' }, 'node.tracker.test': {} });
    const policy = policyOf(answers, 'MAP metrics.test x.tracker.test, MAP *:443 127.0.0.1:8443');
    const log = createHostLog(policy);
    const record = log.note('metrics.test', 443);
    await log.untilAliasesKnown();
    expect(record.cnames).toEqual(['x.tracker.test', 'node.tracker.test']);
    expect(await decideEgress(policy, 'metrics.test', 443)).toEqual({
      allowed: true,
      addresses: ['127.0.0.1'],
      port: 8443,
    });
    expect(answers.server.asked).toEqual(['CNAME x.tracker.test', 'CNAME node.tracker.test']);
  });

  it.each([
    ['a loop', 'MAP a.test b.test, MAP b.test a.test'],
    [
      'an endless chain',
      Array.from({ length: 30 }, (_, step) => `MAP a${step || ''}.test a${step + 1}.test`).join(','),
    ],
  ])('to a host whose rules are %s is refused', async (_what, rules) => {
    const policy = policyOf(await ask({}), rules);
    expect(await decideEgress(policy, 'a.test', 443)).toEqual({
      allowed: false,
      reason: 'dns_error',
      detail: 'rule_loop',
    });
  });

  it('goes to the name that a rule maps every name to, itself included', async () => {
    const policy = policyOf(await ask({ 'proxy.test': { a: ['93.184.216.34'] } }), 'MAP * proxy.test');
    expect(await decideEgress(policy, 'shop.test', 443)).toEqual({
      allowed: true,
      addresses: ['93.184.216.34'],
      port: 443,
    });
  });
});
