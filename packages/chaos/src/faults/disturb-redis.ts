import { setTimeout as delay } from 'node:timers/promises';
import type { ProxyMode } from '../platform/tcp-proxy.ts';
import type { Fault } from './fault.ts';
import { expectAccepted, expectShown } from './observe.ts';

const LASTS_MS = 2_500;

/** Scans are read and accepted while the way to Redis is in this state. */
function disturbRedis(name: string, mode: ProxyMode): Fault {
  return {
    name,
    async strike(context) {
      const { platform } = context;
      await platform.untilReady();
      platform.toRedis.setMode(mode);
      try {
        await expectShown(context, `while it was true that ${name}`);
        await expectAccepted(context, `while it was true that ${name}`);
        await delay(LASTS_MS);
      } finally {
        platform.toRedis.setMode('pass');
      }
    },
  };
}

/** Each command takes some 600 ms. */
export const slowRedis = disturbRedis('Redis answers slowly', 'slow');
/** Connections stay open and nothing comes through. */
export const swallowRedis = disturbRedis('Redis swallows what is sent', 'blackhole');
/** Commands arrive and are done; their answers do not come back. */
export const deafRedis = disturbRedis('the answers of Redis are lost', 'deaf');
/** Connections are reset, and new ones too. */
export const refuseRedis = disturbRedis('Redis lets nobody in', 'refuse');
