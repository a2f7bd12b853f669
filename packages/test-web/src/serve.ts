import { parseArgs } from 'node:util';
import { generateOrdinarySites } from './ordinary/generate-ordinary-sites.ts';
import { startTestWeb } from './start-test-web.ts';

const { values } = parseArgs({
  options: {
    'http-port': { type: 'string', default: '0' },
    'https-port': { type: 'string', default: '0' },
    ordinary: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});

try {
  const web = await startTestWeb({
    httpPort: Number(values['http-port']),
    httpsPort: Number(values['https-port']),
    extraSites: generateOrdinarySites(Number(values.ordinary), Number(values.seed)),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void web.close());
  }
  const { httpPort, httpsPort, hostResolverRules } = web;
  const urls = web.sites.map(({ url }) => url);
  process.stdout.write(`${JSON.stringify({ httpPort, httpsPort, hostResolverRules, urls })}\n`);
} catch (error) {
  // A port that is taken or no port at all: the message of the system says which.
  process.stderr.write(
    `The test web cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
