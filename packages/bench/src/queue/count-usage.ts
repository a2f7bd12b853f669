// Loaded into a process that is measured, before its own code: counts its turns with PostgreSQL and Redis, and tells them,
// with its CPU time, to the process that started it.
import { Socket } from 'node:net';
import type { ProcessUsage } from './measured-process.ts';

const trips = { postgres: 0, redis: 0 };
const SERVERS: ReadonlyMap<number, keyof typeof trips> = new Map([
  [portOf('DATABASE_URL'), 'postgres'],
  [portOf('REDIS_URL'), 'redis'],
]);

function portOf(setting: string): number {
  return Number(new URL(process.env[setting] ?? 'none://none:1').port);
}

/** A round trip begins when something is sent after the server answered; what is sent with it costs no other one. */
function countTrips(socket: Socket, server: keyof typeof trips): void {
  let isAnswered = true;
  const push = socket.push.bind(socket);
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.push = (...args) => {
    isAnswered = true;
    return push(...args);
  };
  socket.write = (...args: unknown[]) => {
    if (isAnswered) trips[server] += 1;
    isAnswered = false;
    return write(...args);
  };
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the socket that it was called on
const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  this.once('connect', () => {
    const server = SERVERS.get(this.remotePort ?? 0);
    if (server) countTrips(this, server);
  });
  return connect.apply(this, args);
};

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const usage: ProcessUsage = {
    cpuMs: (user + system) / 1_000,
    postgresTrips: trips.postgres,
    redisTrips: trips.redis,
  };
  process.send?.(usage);
});
// What measures must not keep the process from ending.
process.channel?.unref();
