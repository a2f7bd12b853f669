import { afterEach, describe, expect, it } from '@jest/globals';
import { keyName } from './key-spaces.ts';
import { rateLimiter, type RateLimiter, type RateLimitOptions } from './rate-limiter.ts';
import { testOwners } from './test-owners.test.helper.ts';

describe('rateLimiter', () => {
  const owners = testOwners();
  afterEach(() => owners.close());

  async function openLimit(options: Partial<RateLimitOptions> = {}): Promise<RateLimiter> {
    // A busy machine must not make the limiter think that Redis is away.
    const redis = await owners.open({ operationTimeoutMs: 20_000 });
    return rateLimiter(redis, { name: 'login', limit: 3, whenAway: 'strict', ...options });
  }

  it('allows as many as the limit, says how many are left and when the next may come', async () => {
    const limiter = await openLimit({ windowMs: 60_000 });

    await expect(limiter.consume('user')).resolves.toEqual({
      allowed: true,
      remaining: 2,
      retryAfterMs: 0,
      limit: 3,
    });
    await limiter.consume('user');
    await limiter.consume('user');
    const refused = await limiter.consume('user');

    expect(refused).toMatchObject({ allowed: false, remaining: 0, limit: 3 });
    expect(refused.retryAfterMs).toBeGreaterThan(50_000);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('never allows more than the limit to many at once, over processes', async () => {
    const limiters = [await openLimit({ limit: 25 }), await openLimit({ limit: 25 })];

    const results = await Promise.all(
      limiters.flatMap((limiter) => Array.from({ length: 100 }, () => limiter.consume('user'))),
    );

    expect(results.filter(({ allowed }) => allowed)).toHaveLength(25);
  });

  it('slides: a hit makes room when it is as old as the window, not when a fixed window ends', async () => {
    const redis = await owners.open();
    const limiter = rateLimiter(redis, { name: 'login', limit: 3, windowMs: 10_000, whenAway: 'strict' });
    await limiter.consume('user');
    await limiter.consume('user');
    await limiter.consume('user');
    // Moves the first hit into the past instead of waiting: it is 9 s old, the two others are new.
    const log = keyName(redis.prefix, 'rate_limit', 'login', 'user');
    const [oldest = ''] = await redis.connection('failFast').zrange(log, '0', '0');
    await redis.connection('failFast').zincrby(log, -9_000_000, oldest);

    const early = await limiter.consume('user');
    expect(early.allowed).toBe(false);
    expect(early.retryAfterMs).toBeLessThanOrEqual(1_000);

    await redis.connection('failFast').zincrby(log, -1_000_000, oldest);
    await expect(limiter.consume('user')).resolves.toMatchObject({ allowed: true, remaining: 0 });
    await expect(limiter.consume('user')).resolves.toMatchObject({ allowed: false });
  });

  it('does not count refused hits, so that insisting does not prolong the wait', async () => {
    const limiter = await openLimit({ limit: 1, windowMs: 400 });
    await limiter.consume('user');

    let result = await limiter.consume('user');
    while (!result.allowed) result = await limiter.consume('user');

    expect(result.remaining).toBe(0);
  });

  it('counts a costly hit for several', async () => {
    const limiter = await openLimit({ limit: 10 });

    await expect(limiter.consume('user', 7)).resolves.toMatchObject({ allowed: true, remaining: 3 });
    await expect(limiter.consume('user', 4)).resolves.toMatchObject({ allowed: false, remaining: 3 });
    await expect(limiter.consume('user', 3)).resolves.toMatchObject({ allowed: true, remaining: 0 });
  });

  it('counts names and ids apart', async () => {
    const [login, search] = [await openLimit({ limit: 1 }), await openLimit({ limit: 1, name: 'search' })];
    await login.consume('user');

    await expect(login.consume('other')).resolves.toMatchObject({ allowed: true });
    await expect(search.consume('user')).resolves.toMatchObject({ allowed: true });
    await expect(login.consume('user')).resolves.toMatchObject({ allowed: false });
  });

  it('forgets the hits of an id on request', async () => {
    const limiter = await openLimit({ limit: 1 });
    await limiter.consume('user');

    await limiter.reset('user');

    await expect(limiter.consume('user')).resolves.toMatchObject({ allowed: true });
  });

  it('uses the lifetime of its family as the window, and leaves nothing behind after it', async () => {
    const redis = await owners.open({ lifetimesSeconds: { rate_limit: 20 } });
    await rateLimiter(redis, { name: 'login', limit: 3, whenAway: 'open' }).consume('user');

    const log = keyName(redis.prefix, 'rate_limit', 'login', 'user');
    const leftMs = await redis.connection('failFast').pttl(log);
    expect(leftMs).toBeGreaterThan(10_000);
    expect(leftMs).toBeLessThanOrEqual(20_000);
  });

  it('takes one round trip a hit', async () => {
    const redis = await owners.open();
    const limiter = rateLimiter(redis, { name: 'login', limit: 100, whenAway: 'strict' });
    await limiter.consume('user');
    const connection = redis.connection('atMostOnce');
    const sent: string[] = [];
    const send = connection.sendCommand.bind(connection);
    connection.sendCommand = (command, stream) => {
      sent.push(command.name);
      return send(command, stream);
    };

    await limiter.consume('user');

    expect(sent).toEqual(['evalsha']);
  });

  it('goes on when Redis has forgotten its scripts', async () => {
    const limiter = await openLimit();
    await limiter.consume('user');
    const redis = await owners.open();
    await redis.connection('failFast').script('FLUSH');

    await expect(limiter.consume('user')).resolves.toMatchObject({ allowed: true, remaining: 1 });
  });

  it.each(['', '\udc00'])('refuses the id %j', async (id) => {
    const limiter = await openLimit();

    await expect(limiter.consume(id)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(limiter.reset(id)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it.each([{ limit: 0 }, { limit: 1.5 }, { limit: 10_001 }, { windowMs: 0 }, { strictLimit: 4 }])(
    'refuses %j, which is no limit',
    async (options) => {
      await expect(openLimit(options)).rejects.toThrow(RangeError);
    },
  );

  it.each([0, -1, 1.5, 4, Number.NaN])('refuses a hit that counts for %d', async (cost) => {
    await expect((await openLimit()).consume('user', cost)).rejects.toThrow(RangeError);
  });
});
