// Says by its exit code whether a setting has a value from any source: 0 yes, 1 no, 2 the sources cannot be read.
//   node packages/config/scripts/has-setting.mjs DATABASE_URL
import { z } from 'zod';
import { isAppError } from '@cookie-scanner/errors';
import { loadConfig } from '../dist/index.js';

const [name = ''] = process.argv.slice(2);
try {
  const section = z.object({ [name]: z.string().optional() });
  const { found } = loadConfig({ found: section }, process.env, process.env['INIT_CWD'] ?? process.cwd());
  process.exitCode = found[name] === undefined ? 1 : 0;
} catch (error) {
  if (!isAppError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
