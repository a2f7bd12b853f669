export { chooseConcurrency } from './concurrency/choose-concurrency.ts';
export { findBrowserExecutable } from './browser/find-browser.ts';
export type { BrowserIdentity } from './browser/browser-arguments.ts';
export { ENGINE_VERSION, type EngineLogger, type EngineSettings } from './engine-settings.ts';
export type { FileToSave } from './files/file-keeper.ts';
export type { EngineProgress, ScanOptions } from './planned-scan.ts';
export { openFilesLeft, processLimits } from './process-limits.ts';
export { startScanEngine, type ScanEngine } from './scan-engine.ts';
