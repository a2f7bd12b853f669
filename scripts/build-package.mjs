// Builds the package in the current folder: empty dist/, compile src/ with TypeScript 7, leave tests out of dist/,
// and copy the files the compiler does not know (*.html, *.css, *.json, *.sql) beside the code that reads them.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const compiler = fileURLToPath(new URL('../node_modules/typescript-native/bin/tsc', import.meta.url));

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, '--project', 'tsconfig.json'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

for (const test of globSync('dist/**/*.test.*')) rmSync(test);
for (const asset of globSync('src/**/*.{html,css,json,sql}')) {
  cpSync(asset, asset.replace(/^src/, 'dist'));
}
