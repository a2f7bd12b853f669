import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '../machine/ports.ts';
import { checkPorts, portFor } from './service-ports.ts';
import { SERVICES } from './service-catalog.ts';

describe('ports of the services', () => {
  it('names who holds a taken port and which setting moves it', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const free = await freePort();
    const environment = Object.fromEntries(
      SERVICES.map(({ stackPortSetting }) => [stackPortSetting, String(free)]),
    );

    await expect(checkPorts('documented', { ...environment, WORKER_PORT: String(port) })).rejects.toThrow(
      new RegExp(
        `^Port ${port} for the worker is taken by .*process ${process.pid}.*set WORKER_PORT to another port`,
      ),
    );
    await expect(checkPorts('free', { WORKER_PORT: String(port) })).resolves.toBeUndefined();
    holder.close();
  });

  it('refuses a port that is none', async () => {
    const [gateway] = SERVICES;
    if (!gateway) throw new Error('there is no gateway');
    await expect(portFor(gateway, 'documented', { GATEWAY_PORT: '70000' })).rejects.toThrow(
      'GATEWAY_PORT must be a port from 1 to 65535.',
    );
  });
});
