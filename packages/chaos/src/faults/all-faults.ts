import { askFiftyTimes } from './ask-fifty-times.ts';
import { blockEventLoop } from './block-event-loop.ts';
import { cutPower } from './cut-power.ts';
import { deliverTwice } from './deliver-twice.ts';
import { cutPostgres, endPostgresSessions, refusePostgres, swallowPostgres } from './disturb-postgres.ts';
import { deafRedis, refuseRedis, slowRedis, swallowRedis } from './disturb-redis.ts';
import type { Fault } from './fault.ts';
import { fillRedis } from './fill-redis.ts';
import { floodByOneWorkspace } from './flood-by-one-workspace.ts';
import { flushRedis } from './flush-redis.ts';
import { holdWorkersDown } from './hold-workers-down.ts';
import { killGatewayWithStreams } from './kill-gateway-with-streams.ts';
import { killProcess } from './kill-process.ts';
import { killWorker } from './kill-worker.ts';
import { letRedisEvict } from './let-redis-evict.ts';
import { moveClock } from './move-clock.ts';
import { restartInOrder } from './restart-in-order.ts';
import { restartPostgresAtOnce, restartPostgresInOrder } from './restart-postgres.ts';
import { restartRedis, restartRedisEmpty, restartRedisFromOldCopy } from './restart-redis.ts';
import { restoreBackup } from './restore-backup.ts';
import { startWithoutRedis } from './start-without-redis.ts';
import { stopWorker } from './stop-worker.ts';
import { submitBurst } from './submit-burst.ts';
import { submitPoison } from './submit-poison.ts';

/** Everything that goes wrong. docs/FAULTS.md says what each must not do. */
export const FAULTS: readonly Fault[] = [
  ...[killProcess, killWorker, holdWorkersDown, restartInOrder, stopWorker, blockEventLoop],
  ...[restartRedis, restartRedisEmpty, restartRedisFromOldCopy, flushRedis, fillRedis, letRedisEvict],
  ...[slowRedis, swallowRedis, deafRedis, refuseRedis, startWithoutRedis],
  ...[restartPostgresInOrder, restartPostgresAtOnce, endPostgresSessions, cutPostgres],
  ...[swallowPostgres, refusePostgres],
  ...[deliverTwice, askFiftyTimes, submitPoison, submitBurst, floodByOneWorkspace],
  ...[moveClock, killGatewayWithStreams, cutPower, restoreBackup],
];
