import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { expectAccepted, expectComeAgain } from './observe.ts';

const LASTS_MS = 2_000;

/** Connections stay open and nothing comes through: requests are told to come again all the same, and soon. */
export const swallowPostgres: Fault = {
  name: 'PostgreSQL swallows what is sent',
  async strike(context) {
    const { platform } = context;
    await platform.untilReady();
    platform.toDatabase.setMode('blackhole');
    try {
      await expectComeAgain(context, 'while PostgreSQL was silent');
      await delay(LASTS_MS);
    } finally {
      platform.toDatabase.setMode('pass');
    }
    await platform.untilReady();
    await expectAccepted(context, 'after PostgreSQL was silent');
  },
};

/** Connections are reset, and new ones too. */
export const refusePostgres: Fault = {
  name: 'PostgreSQL lets nobody in',
  async strike(context) {
    const { platform } = context;
    await platform.untilReady();
    platform.toDatabase.setMode('refuse');
    try {
      await expectComeAgain(context, 'while PostgreSQL let nobody in');
      await delay(LASTS_MS);
    } finally {
      platform.toDatabase.setMode('pass');
    }
  },
};

/** In the middle of whatever is said on them. */
export const cutPostgres: Fault = {
  name: 'connections to PostgreSQL are cut',
  strike({ platform }) {
    platform.toDatabase.cut();
    return Promise.resolve();
  },
};

/** In the middle of their transactions. */
export const endPostgresSessions: Fault = {
  name: 'PostgreSQL ends all sessions',
  async strike({ platform }) {
    await platform.database.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
  },
};
