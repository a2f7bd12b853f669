import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

describe('serve', () => {
  it('says in one line of JSON where it listens, and stops on SIGTERM', async () => {
    const script = fileURLToPath(new URL('./serve.ts', import.meta.url));
    const server = spawn(process.execPath, [script, '--ordinary', '2'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    const ready = JSON.parse(line) as {
      httpPort: number;
      httpsPort: number;
      hostResolverRules: string;
      urls: string[];
    };

    expect(ready.hostResolverRules).toContain(
      `MAP *:443 127.0.0.1:${ready.httpsPort},MAP *:80 127.0.0.1:${ready.httpPort}`,
    );
    expect(ready.urls).toEqual(expect.arrayContaining(['https://shop.test/', 'https://ordinary-1-1.test/']));
    const response = await fetch(`http://127.0.0.1:${ready.httpPort}/`);
    expect(response.status).toBe(404);

    const exit = once(server, 'exit');
    server.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });
});
