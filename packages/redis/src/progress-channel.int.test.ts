import { randomUUID } from 'node:crypto';
import type { ScanProgress } from '@cookie-scanner/contracts';
import { silentLogger, type Logger } from '@cookie-scanner/observability';
import { afterEach, describe, expect, it } from '@jest/globals';
import { keyName } from './key-spaces.ts';
import { openRedis, type RedisOwner } from './open-redis.ts';
import { progressChannel } from './progress-channel.ts';
import { until } from './test-owners.test.helper.ts';
import { startTestRedisServer, testRedis } from './testing.ts';

function progressOf(scanId: string, cookiesSeen: number): ScanProgress {
  const at = new Date().toISOString();
  return {
    scanId,
    stage: 'settling',
    attempt: 1,
    pagesDone: 0,
    pagesKnown: 1,
    cookiesSeen,
    consentState: null,
    at,
  };
}

describe('progressChannel', () => {
  const test = testRedis();
  const owners: RedisOwner[] = [];

  async function open(url = test.url, logger = silentLogger): Promise<RedisOwner> {
    const redis = openRedis({ url, prefix: test.prefix, logger });
    owners.push(redis);
    await redis.ping(5_000).catch(() => undefined);
    return redis;
  }

  afterEach(async () => {
    await Promise.all(owners.splice(0).map((redis) => redis.close()));
    await test.cleanup();
  });

  it('keeps the latest progress of a scan for an hour', async () => {
    const redis = await open();
    const channel = progressChannel(redis);
    const scanId = randomUUID();
    await channel.publish(progressOf(scanId, 1));
    await channel.publish(progressOf(scanId, 2));

    await expect(channel.latest(scanId)).resolves.toMatchObject({ scanId, cookiesSeen: 2 });
    const key = keyName(redis.prefix, 'active_scan', scanId);
    const lifetime = await redis.connection('failFast').ttl(key);
    expect(lifetime).toBeGreaterThan(3_500);
    expect(lifetime).toBeLessThanOrEqual(3_600);
  });

  it('knows nothing of a scan that nobody reported on', async () => {
    await expect(progressChannel(await open()).latest(randomUUID())).resolves.toBeNull();
  });

  it('takes progress that it cannot read as none', async () => {
    const redis = await open();
    const scanId = randomUUID();
    await redis.connection('failFast').set(keyName(redis.prefix, 'active_scan', scanId), '{"stage":');

    await expect(progressChannel(redis).latest(scanId)).resolves.toBeNull();
  });

  it('tells a late watcher the latest progress and then what follows, from another process', async () => {
    const speaker = progressChannel(await open());
    const listener = progressChannel(await open());
    const scanId = randomUUID();
    await speaker.publish(progressOf(scanId, 1));
    const heard: number[] = [];
    listener.subscribe(scanId, ({ cookiesSeen }) => heard.push(cookiesSeen));
    await until(() => heard.includes(1));

    await speaker.publish(progressOf(scanId, 2));
    await until(() => heard.includes(2));

    expect(heard).toEqual([1, 2]);
  });

  it('serves all watchers over one connection and stops telling who left', async () => {
    const redis = await open();
    const channel = progressChannel(redis);
    const [first, second] = [randomUUID(), randomUUID()];
    const heard: string[] = [];
    const leave = channel.subscribe(first, () => heard.push('left'));
    channel.subscribe(first, () => heard.push('stayed'));
    channel.subscribe(second, () => heard.push('other'));
    leave();
    leave();

    await until(async () => {
      await channel.publish(progressOf(first, 1));
      await channel.publish(progressOf(second, 1));
      return heard.includes('stayed') && heard.includes('other');
    });

    expect(heard).not.toContain('left');
    expect(redis.connections()).toBe(2);
  });

  it('goes on telling the other watchers when one of them throws', async () => {
    const channel = progressChannel(await open());
    const scanId = randomUUID();
    const heard: number[] = [];
    channel.subscribe(scanId, () => {
      throw new Error('a broken watcher');
    });
    channel.subscribe(scanId, ({ cookiesSeen }) => heard.push(cookiesSeen));

    await until(async () => {
      await channel.publish(progressOf(scanId, 7));
      return heard.includes(7);
    });
  });

  it('does not throw into a scan while Redis is away, and logs it once for many', async () => {
    const warnings: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (message) => warnings.push(message),
      child: () => silentLogger,
    };
    const channel = progressChannel(await open('redis://127.0.0.1:1', logger));
    const scanId = randomUUID();

    await channel.publish(progressOf(scanId, 1));
    await channel.publish(progressOf(scanId, 2));

    await expect(channel.latest(scanId)).resolves.toBeNull();
    expect(warnings).toHaveLength(1);
  });

  it('tells watchers again after Redis was away', async () => {
    const server = await startTestRedisServer();
    try {
      const redis = await open(server.url);
      const channel = progressChannel(redis);
      const scanId = randomUUID();
      const heard: number[] = [];
      channel.subscribe(scanId, ({ cookiesSeen }) => heard.push(cookiesSeen));
      await until(async () => {
        await channel.publish(progressOf(scanId, 1));
        return heard.includes(1);
      });
      await server.kill();
      await server.start();

      await until(async () => {
        await channel.publish(progressOf(scanId, 2));
        return heard.includes(2);
      });
    } finally {
      await Promise.all(owners.splice(0).map((redis) => redis.close()));
      await server.close();
    }
  });
});
