// `npm run check`: everything that can be said about the sources without running them. The bootstrap has built them
// before, which checks their types.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rootDir = fileURLToPath(new URL('..', import.meta.url));
const tool = (name) => join(rootDir, 'node_modules', '.bin', name);

const CHECKS = [
  { name: 'eslint', args: [tool('eslint'), '.', '--max-warnings', '0'] },
  { name: 'prettier', args: [tool('prettier'), '--check', '.'] },
  { name: 'dependency-cruiser', args: [tool('depcruise'), '--config', '.dependency-cruiser.cjs', 'packages', 'services'] },
  { name: 'knip', args: [tool('knip')] },
  { name: 'lock file', args: [join(rootDir, 'scripts', 'complete-lock-file.mjs'), '--check'] },
];
/** Two at a time keep two cores busy; more would only compete for memory. */
const TOGETHER = 2;

const say = (text) => process.stderr.write(`${text}\n`);
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(130);
  });
}

const queue = [...CHECKS];
const failed = [];
await Promise.all(Array.from({ length: TOGETHER }, runNext));
if (failed.length > 0) {
  say(`${failed.length} of ${CHECKS.length} checks failed: ${failed.join(', ')}. Their words are above.`);
  process.exit(1);
}
say(`All ${CHECKS.length} checks passed.`);

async function runNext() {
  for (let check = queue.shift(); check; check = queue.shift()) {
    const startedAt = Date.now();
    const { exitCode, output } = await run(check.args);
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    if (exitCode === 0) {
      say(`✔ ${check.name} (${seconds} s)`);
    } else {
      say(`✖ ${check.name} (${seconds} s)\n${output.trimEnd()}`);
      failed.push(check.name);
    }
  }
}

/** @param {readonly string[]} args @returns {Promise<{ exitCode: number | null, output: string }>} */
async function run(args) {
  const child = spawn(process.execPath, args, { cwd: rootDir, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const exitCode = await new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  running.delete(child);
  return { exitCode, output };
}
