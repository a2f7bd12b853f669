// Writes the Prisma client to src/generated from prisma/schema.prisma, without a network.
//
// Generating is WebAssembly, yet the Prisma CLI insists on a schema engine binary and would download one. Naming any
// existing file satisfies it; the file is never run. Migrations use the WebAssembly engine too, see src/migration/.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(import.meta.resolve('prisma/build/index.js'));
const schema = fileURLToPath(new URL('../../../prisma/schema.prisma', import.meta.url));

const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [cli, 'generate', '--schema', schema, '--no-hints'],
  {
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: cli,
      // No update check and no telemetry: a build tells nobody anything.
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  },
);
if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
process.exit(status ?? 1);
