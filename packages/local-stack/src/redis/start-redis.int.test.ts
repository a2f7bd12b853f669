import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { openRedis, waitUntilReady } from '@cookie-scanner/redis';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger, type Ledger } from '../programs/ledger.ts';
import type { StartedServer } from '../programs/started-server.ts';
import { scratchFolder } from '../testing/scratch-folder.ts';
import { findOrInstallRedis } from './find-redis.ts';
import { startRedis } from './start-redis.ts';

describe('embedded Redis', () => {
  let folder: ReturnType<typeof scratchFolder>;
  let ledger: Ledger;
  let started: StartedServer[] = [];
  beforeEach(() => {
    folder = scratchFolder();
    ledger = openLedger(join(folder.path, 'ledger.json'));
  });
  afterEach(async () => {
    await Promise.all(started.map(({ program }) => program.stop()));
    started = [];
    folder.remove();
  });

  async function start(name: string): Promise<StartedServer> {
    const redis = await findOrInstallRedis(
      process.env['PATH'] ?? '',
      join(folder.path, 'tools'),
      () => undefined,
    );
    const server = await startRedis({
      redis,
      folder: join(folder.path, name),
      logPath: join(folder.path, `${name}.log`),
      ledger,
      signal: new AbortController().signal,
    });
    started.push(server);
    return server;
  }

  it('never evicts, keeps nothing on disk and asks for its password', async () => {
    const server = await start('redis');
    const owner = openRedis({ url: server.url, prefix: 'test', logger: silentLogger });
    await owner.ping();
    await owner.connection('failFast').set('key', 'value');
    expect(await owner.evictionPolicy()).toBe('noeviction');
    await owner.close();

    const { port, password } = new URL(server.url);
    const stranger = openRedis({ url: `redis://127.0.0.1:${port}`, prefix: 'test', logger: silentLogger });
    await waitUntilReady(stranger.connection('failFast'), 2_000);
    await expect(stranger.connection('failFast').get('key')).rejects.toThrow();
    await stranger.close();

    await server.program.stop();
    expect(server.program.isAlive()).toBe(false);
    expect(readdirSync(join(folder.path, 'redis'))).toEqual([]);
    expect(readFileSync(join(folder.path, 'redis.log'), 'utf8')).not.toContain(password);
  });

  it('does not show its password in the list of processes', async () => {
    const server = await start('redis');
    const { password } = new URL(server.url);
    const commandLine = readFileSync(`/proc/${server.program.pid}/cmdline`, 'utf8');
    expect(commandLine).not.toContain(password);
  });

  it('runs beside another one without meeting it', async () => {
    const [first, second] = await Promise.all([start('one'), start('two')]);
    expect(new URL(first.url).port).not.toBe(new URL(second.url).port);
  });
});
