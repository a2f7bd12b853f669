import type { PostgresEnd } from '@cookie-scanner/local-stack';
import type { Fault } from './fault.ts';
import { expectAccepted, expectComeAgain } from './observe.ts';

/** Requests are told to come again, and afterwards everything is well by itself. */
function restartPostgres(name: string, how: PostgresEnd): Fault {
  return {
    name,
    async strike(context) {
      const { platform, say } = context;
      await platform.untilReady();
      await platform.postgres.end(how);
      try {
        await expectComeAgain(context, 'while PostgreSQL was away');
      } finally {
        await platform.startPostgres();
      }
      const backMs = performance.now();
      await platform.untilReady();
      say(`everything was ready ${Math.round(performance.now() - backMs)} ms after PostgreSQL came back`);
      await expectAccepted(context, 'after PostgreSQL came back');
    },
  };
}

/** With a checkpoint, its sessions ended. */
export const restartPostgresInOrder = restartPostgres('PostgreSQL is restarted', 'fast');
/** It reads its log of changes back. */
export const restartPostgresAtOnce = restartPostgres('PostgreSQL is ended at once and recovers', 'immediate');
