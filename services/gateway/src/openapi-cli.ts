import { readFileSync, writeFileSync } from 'node:fs';
import { apiRoutes } from './app.ts';
import { openApiDocument } from './openapi.ts';

// Writes the OpenAPI document where clients are made from it; with --check it only says whether it is the one that is there.
//
//   node services/gateway/src/openapi-cli.ts [--check]

const place = new URL('../../../packages/api-client/openapi.json', import.meta.url);

// The routes are described here and never answer, so that nothing of what they need to do so is there.
const document = openApiDocument(apiRoutes({} as Parameters<typeof apiRoutes>[0]));
const text = `${JSON.stringify(document, null, 2)}\n`;

if (read() !== text) {
  if (process.argv.includes('--check')) {
    process.stderr.write(
      'packages/api-client/openapi.json is not what the gateway answers; run: npm run build\n',
    );
    process.exitCode = 1;
  } else {
    writeFileSync(place, text);
    process.stderr.write('packages/api-client/openapi.json changed with the routes; commit it.\n');
  }
}

function read(): string | null {
  try {
    return readFileSync(place, 'utf8');
  } catch {
    return null;
  }
}
