export type { Redis } from 'ioredis';
export { isConnectionError } from './connection-errors.ts';
export { connectRedis, type RedisPurpose } from './connect-redis.ts';
export { openRedis, type RedisOwner } from './open-redis.ts';
export { progressChannel, type ProgressChannel } from './progress-channel.ts';
export { type RedisHealth } from './redis-health.ts';
export { waitUntilReady } from './wait-until-ready.ts';
