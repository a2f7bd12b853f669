import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '@cookie-scanner/database';
import { silentLogger } from '@cookie-scanner/observability';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess } from '../process-identity.mjs';
import { openLedger, type Ledger } from '../programs/ledger.ts';
import type { StartedServer } from '../programs/started-server.ts';
import { scratchFolder } from '../testing/scratch-folder.ts';
import { until } from '../testing/until.ts';
import { startPostgres } from './start-postgres.ts';

async function isAnswering(url: string): Promise<boolean> {
  const database = openDatabase({ url, logger: silentLogger });
  try {
    await database.ping();
    return true;
  } catch {
    // Whatever the reason, it does not answer.
    return false;
  } finally {
    await database.close();
  }
}

describe('embedded PostgreSQL', () => {
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

  async function start(name = 'postgres'): Promise<StartedServer> {
    const server = await startPostgres({
      folder: join(folder.path, name),
      logPath: join(folder.path, `${name}.log`),
      isEphemeral: true,
      ledger,
      announce: () => undefined,
      signal: new AbortController().signal,
    });
    started.push(server);
    return server;
  }

  it('answers only who knows its password, and is gone after its stop', async () => {
    const server = await start();
    const withoutPassword = new URL(server.url);
    withoutPassword.password = 'guess';
    expect(await isAnswering(server.url)).toBe(true);
    expect(await isAnswering(withoutPassword.href)).toBe(false);
    expect(statSync(join(folder.path, 'postgres', 'password')).mode & 0o077).toBe(0);

    await server.program.stop();
    expect(server.program.isAlive()).toBe(false);
    expect(existsSync(join(folder.path, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  });

  it('starts again on its data after it was killed', async () => {
    const first = await start();
    process.kill(first.program.pid, 'SIGKILL');
    await first.program.ended;

    const second = await start();
    expect(await isAnswering(second.url)).toBe(true);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    await second.program.stop();
  });

  it('ends a server that a dead owner left on its data', async () => {
    const leftover = await start();
    const second = await start();
    await until(() => identifyProcess(leftover.program.pid) === null, 'the leftover ended');
    expect(await isAnswering(second.url)).toBe(true);
  });

  it('starts although its last record names a program that has nothing to do with it', async () => {
    const first = await start();
    await first.program.stop();
    const record = join(folder.path, 'postgres', 'data', 'postmaster.pid');
    writeFileSync(record, `${process.pid}\n${folder.path}\n`, { mode: 0o644 });

    const second = await start();
    expect(await isAnswering(second.url)).toBe(true);
    expect(identifyProcess(process.pid)).not.toBeNull();
  });

  it('runs beside another one without meeting it', async () => {
    const [first, second] = await Promise.all([start('one'), start('two')]);
    expect(new URL(first.url).port).not.toBe(new URL(second.url).port);
    expect(await isAnswering(first.url)).toBe(true);
    expect(await isAnswering(second.url)).toBe(true);
    await first.program.stop();
    expect(await isAnswering(second.url)).toBe(true);
  });

  it('says which data it cannot use when another version wrote it', async () => {
    const server = await start();
    await server.program.stop();
    writeFileSync(join(folder.path, 'postgres', 'data', 'PG_VERSION'), '9\n');
    await expect(start()).rejects.toThrow(/written by PostgreSQL 9, and this is \d+; move the folder away/);
  });

  it('makes its data anew when an earlier attempt was interrupted half way', async () => {
    mkdirSync(join(folder.path, 'postgres', 'data.draft'), { recursive: true });
    writeFileSync(join(folder.path, 'postgres', 'data.draft', 'PG_VERSION'), '18\n');
    const server = await start();
    expect(await isAnswering(server.url)).toBe(true);
    await server.program.stop();
    expect(readFileSync(join(folder.path, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  });

  it('stops at once when the user interrupts the start', async () => {
    const interrupted = startPostgres({
      folder: join(folder.path, 'postgres'),
      logPath: join(folder.path, 'postgres.log'),
      isEphemeral: true,
      ledger,
      announce: () => undefined,
      signal: AbortSignal.abort(new Error('interrupted')),
    });
    await expect(interrupted).rejects.toThrow('interrupted');
  });
});
