import { once, EventEmitter } from 'node:events';
import type { LiveAdmission } from '@cookie-scanner/contracts';
import { silentLogger } from '@cookie-scanner/observability';
import { describe, expect, it } from '@jest/globals';
import type { Farewell } from './close-codes.ts';
import type { LiveConnection } from './live-connection.ts';
import { rightsKeeper } from './rights-keeper.ts';

const admission: LiveAdmission = { userId: 'u', sessionId: 's', workspaceId: 'w', role: 'Viewer' };

/** The farewell of the one who is connected, while rights are looked up like this. */
async function farewellWhile(ofSessions: () => Promise<never>): Promise<Farewell> {
  const closed = new EventEmitter();
  const connection = {
    admission,
    checkLife: () => undefined,
    close: (farewell: Farewell) => closed.emit('close', farewell),
  } as unknown as LiveConnection;
  const keeper = rightsKeeper({
    ...{ connections: new Set([connection]), access: { ofSessions }, logger: silentLogger },
    ...{ checkMs: 20, pingAfterMs: 1_000, goneAfterMs: 1_000 },
  });
  const [farewell] = (await once(closed, 'close')) as [Farewell];
  keeper.stop();
  return farewell;
}

describe('nobody stays whose rights cannot be looked up', () => {
  it('because the database refuses', async () => {
    const refuses = () => Promise.reject(new Error('away'));
    expect(await farewellWhile(refuses)).toMatchObject({ code: 1013 });
  });

  it('because it does not answer', async () => {
    expect(await farewellWhile(() => new Promise(() => undefined))).toMatchObject({ code: 1013 });
  });
});
