// `npm run check`: everything that can be said about the sources without running them: all scripts of package.json whose
// names begin with `check:`. The bootstrap has built the sources before, which checks their types.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rootDir = fileURLToPath(new URL('..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'));
const CHECKS = Object.entries(scripts)
  .filter(([name]) => name.startsWith('check:'))
  .map(([name, command]) => ({ name: name.slice('check:'.length), command }));
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
    const { exitCode, output } = await run(check.command);
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    if (exitCode === 0) {
      say(`✔ ${check.name} (${seconds} s)`);
    } else {
      say(`✖ ${check.name} (${seconds} s)\n${output.trimEnd()}`);
      failed.push(check.name);
    }
  }
}

/** @param {string} command @returns {Promise<{ exitCode: number | null, output: string }>} */
async function run(command) {
  const path = [join(rootDir, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  const env = { ...process.env, PATH: path };
  const child = spawn('sh', ['-c', `exec ${command}`], {
    cwd: rootDir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
