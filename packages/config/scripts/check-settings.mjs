// Checks all settings of the platform as its services would read them here. Exit code 1 names everything that is wrong.
import { isAppError } from '@cookie-scanner/errors';
import { configSections, openConfig } from '../dist/index.js';

try {
  // npm moves to the folder of the package; the search for .env begins where the caller is.
  const { warnings } = openConfig(configSections, process.env, process.env['INIT_CWD'] ?? process.cwd());
  for (const warning of warnings) process.stderr.write(`Warning: ${warning}.\n`);
  process.stdout.write('All settings can be used.\n');
} catch (error) {
  if (!isAppError(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
