export type { Announce } from './announce.ts';
export { describeFailure, type CommandFailure } from './describe-failure.ts';
export { EXIT_CODES } from './exit-codes.mjs';
export { tryLock, type FileLock } from './file-lock.mjs';
export { catchInterruptions, Interruption, type Interruptions } from './interruption.ts';
export { findOrInstallBrowser } from './browser/find-or-install-browser.ts';
export { freePort } from './machine/ports.ts';
export { useLocalDatabase, type LocalDatabase } from './stack/use-local-database.ts';
export { useLocalStack, type StackUse } from './stack/use-local-stack.ts';
export { startTestServers, type TestServers } from './test-servers/start-test-servers.ts';
export {
  startBreakablePostgres,
  type BreakablePostgres,
  type PostgresEnd,
} from './test-servers/start-breakable-postgres.ts';
