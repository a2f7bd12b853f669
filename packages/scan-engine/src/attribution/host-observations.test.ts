import { describe, expect, it } from '@jest/globals';
import type { HostRecord } from '../egress/host-log.ts';
import { hostObservations } from './host-observations.ts';

function record(host: string, more: Partial<HostRecord> = {}): HostRecord {
  return {
    host,
    ...{ port: 443, outcome: 'connected', address: '93.184.216.34', detail: null },
    ...{ cnames: [], aliasesKnown: true, count: 1 },
    ...more,
  };
}

describe('hostObservations', () => {
  it('joins requests with connections by name, whatever the port', () => {
    const { hosts, notes } = hostObservations(
      [
        record('metrics.shop.test', { cnames: ['x.tracker.test'] }),
        record('metrics.shop.test', { port: 80, outcome: 'connect_failed', address: null }),
      ],
      ['https://metrics.shop.test/a', 'http://metrics.shop.test/b'],
      'shop.test',
    );
    expect(hosts).toEqual([
      {
        host: 'metrics.shop.test',
        party: 'first',
        requests: 2,
        address: '93.184.216.34',
        cnames: ['x.tracker.test'],
        outcome: 'connected',
        detail: null,
      },
    ]);
    expect(notes).toEqual([]);
  });

  it('lists hosts that were only connected to, and hosts that were only asked for', () => {
    const { hosts } = hostObservations(
      [record('ahead.test'), record('::1', { outcome: 'address_not_allowed', address: null })],
      ['https://cached.test/', 'http://[::1]/'],
      'shop.test',
    );
    expect(hosts.map(({ host, requests, outcome }) => [host, requests, outcome])).toEqual([
      ['::1', 1, 'address_not_allowed'],
      ['ahead.test', 0, 'connected'],
      ['cached.test', 1, 'not_asked'],
    ]);
  });

  it('says how many hosts it left out, and of how many the aliases are not known', () => {
    const urls = Array.from({ length: 1_200 }, (_, index) => `https://h${index}.test/`);
    const { hosts, notes } = hostObservations(
      [record('a.test', { aliasesKnown: false }), record('a.test', { port: 80, aliasesKnown: false })],
      urls,
      'shop.test',
    );
    expect(hosts).toHaveLength(1_000);
    expect(notes).toEqual([
      expect.stringContaining('1201 hosts; 1000 of them'),
      expect.stringContaining('of 1 hosts whether'),
    ]);
  });
});
