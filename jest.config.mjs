/** Runs every test of the monorepo from source; other packages are imported as built. */
export default {
  roots: ['<rootDir>/packages', '<rootDir>/services'],
  testMatch: ['**/src/**/*.test.ts', '**/test/**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.+/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  testTimeout: 60_000,
  // Each test file has databases, prefixes and browsers of its own, so two may run at once. A worker that a test keeps
  // from ending is ended by jest; one that has grown is replaced between two files.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
};
