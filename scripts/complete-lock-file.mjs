// Completes package-lock.json after `npm install`.
//
// npm leaves out optional packages of other systems when the registry it talks to does not hold them, and `npm ci` then
// refuses the file. Such packages (compiled parts of turbo, swc and others) are named exactly by the package that wants
// them, and their names say which system they are for: that is all an entry needs. Their integrity stays unknown until
// somebody runs `npm install` on such a system.
//
//   node scripts/complete-lock-file.mjs           adds what is missing
//   node scripts/complete-lock-file.mjs --check   only says what is missing, with exit code 1
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const lockPath = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const isCheck = process.argv.includes('--check');

const SYSTEM = /(android|darwin|freebsd|linux|openharmony|sunos|win32|windows)/;
const MACHINE = /(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64|mips64el|wasm32)/;

const lock = JSON.parse(readFileSync(lockPath, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !isResolved(path, name))
    .map(([name, version]) => ({ name, version })),
);

if (missing.length > 0 && isCheck) {
  process.stderr.write(
    `package-lock.json lacks ${missing.length} optional packages of other systems; run: node scripts/complete-lock-file.mjs\n`,
  );
  process.exitCode = 1;
} else if (missing.length > 0) {
  for (const { name, version } of missing) lock.packages[`node_modules/${name}`] = entryFor(name, version);
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
  process.stderr.write(`Added ${missing.length} optional packages of other systems to package-lock.json.\n`);
}

/** Looks for a package from where it is wanted outwards, as Node does. */
function isResolved(wantedBy, name) {
  for (let folder = wantedBy; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

function entryFor(name, version) {
  // The scope may contain the name of a system too, or of a machine.
  const suffix = name.slice(name.lastIndexOf('/') + 1);
  const system = SYSTEM.exec(suffix)?.[1];
  const machine = MACHINE.exec(suffix)?.[1] ?? (suffix.endsWith('-64') ? 'x64' : undefined);
  if (!/^\d+\.\d+\.\d+/.test(version) || system === undefined || machine === undefined) {
    throw new Error(
      `cannot tell from its name which system ${name}@${version} is for; run npm install with a registry that holds it`,
    );
  }
  return { version, cpu: [machine], optional: true, os: [system === 'windows' ? 'win32' : system] };
}
