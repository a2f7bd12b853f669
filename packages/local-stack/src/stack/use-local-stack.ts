import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@cookie-scanner/errors';
import type { Announce } from '../announce.ts';
import { tryLock, type FileLock } from '../file-lock.mjs';
import { openLedger } from '../programs/ledger.ts';
import { startGuardian } from '../programs/start-guardian.ts';
import { sweepLedger } from '../programs/sweep.ts';
import { readStackFacts, type StackFacts, type StackPurpose } from './stack-facts.ts';
import { readStackSettings, type StackSettings } from './stack-settings.ts';
import { countUsers, enterUser } from './stack-users.ts';
import { readApiKey, type FirstAdmin } from './local-api-key.ts';
import {
  artifactsFolder,
  startLocalStack,
  type ServiceAddress,
  type StackStorage,
} from './start-local-stack.ts';

const POLL_MS = 100;

interface UseLocalStackOptions {
  readonly purpose: StackPurpose;
  /** Folder of the checkout. */
  readonly rootDir: string;
  /** Folder for data, logs and locks. Those who use the same folder share one stack. */
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress: Announce;
  /** Ends the start, or the wait for somebody else's. */
  readonly signal: AbortSignal;
}

/** A stack that this process may use until it releases it. */
export interface StackUse {
  readonly gatewayUrl: string;
  /** Opens the API to the commands of this checkout. */
  readonly apiKey: string;
  /** The first account, when this start opened it; its password is told nowhere else. */
  readonly firstAdmin: FirstAdmin | null;
  /** Where each service is; empty when another process owns the stack. */
  readonly addresses: readonly ServiceAddress[];
  /** True when this process started the stack. */
  readonly isOwner: boolean;
  /** Where the data is, for commands that work on it; null when only the process that owns the stack knows. */
  readonly storage: StackStorage | null;
  /**
   * Ends the use. The owner then waits until nobody else uses the stack, and stops it. Safe to repeat.
   *
   * @param hurry - when it fires, the owner stops waiting for others
   */
  release(hurry: AbortSignal): Promise<void>;
}

interface StackPlace {
  readonly lockPath: string;
  readonly ledgerPath: string;
  readonly usersFolder: string;
}

/**
 * Gives the caller the running platform: starts it, or joins the one that another command of this checkout runs.
 *
 * What a killed owner left behind is ended first. A stack that scans for somebody with other settings is waited for.
 *
 * @throws AppError STACK_BUSY when `npm start` runs already, or runs with other settings
 * @throws AppError MACHINE_NOT_READY, PORT_TAKEN, STACK_FAILED, DISK_NOT_WRITABLE, CONFIG_INVALID
 */
export async function useLocalStack(options: UseLocalStackOptions): Promise<StackUse> {
  const { dataDir } = options;
  const settings = readStackSettings(options.environment, options.rootDir);
  const place = {
    lockPath: join(dataDir, 'stack.lock'),
    ledgerPath: join(dataDir, 'stack.json'),
    usersFolder: join(dataDir, 'stack-users'),
  };

  let lastWord = '';
  for (;;) {
    options.signal.throwIfAborted();
    const lock = await tryLock(place.lockPath);
    if (lock) return ownStack(lock, place, settings, options);

    const facts = readStackFacts(place.ledgerPath);
    const wait = reasonToWait(facts, settings, options.purpose);
    if (facts && wait === null) {
      const joined = joinStack(place, settings, options);
      if (joined) return joined;
    } else if (wait !== null && wait !== lastWord) {
      lastWord = wait;
      options.onProgress(wait);
    }
    await delay(POLL_MS);
  }
}

/** Null when the stack can be joined now. */
function reasonToWait(
  facts: StackFacts | null,
  settings: StackSettings,
  purpose: StackPurpose,
): string | null {
  if (!facts) return 'Waiting for another command that is starting the platform';
  if (facts.state === 'stopping') return 'Waiting for another command to stop the platform';
  if (purpose === 'start') {
    if (facts.purpose === 'scan') return 'Waiting for the scan that another command is running';
    throw busy(
      `The platform of this checkout is running already${facts.gatewayUrl ? ` at ${facts.gatewayUrl}` : ''}; stop it with Ctrl-C where it was started.`,
    );
  }
  if (facts.settingsFingerprint !== settings.fingerprint) {
    if (facts.purpose === 'scan') return 'Waiting for a scan with other settings to finish';
    throw busy(
      'The platform of this checkout is running with other settings; stop it with Ctrl-C where it was started, or use the same settings.',
    );
  }
  return facts.state === 'starting' ? 'Waiting for another command that is starting the platform' : null;
}

function joinStack(
  { ledgerPath, usersFolder }: StackPlace,
  { databaseUrl, artifactsDir }: StackSettings,
  { onProgress, dataDir }: UseLocalStackOptions,
): StackUse | null {
  const leave = enterUser(usersFolder);
  // Only now is the owner sure to see us: it says that it is stopping before it looks for users.
  const facts = readStackFacts(ledgerPath);
  if (facts?.state !== 'ready' || facts.gatewayUrl === null) {
    leave();
    return null;
  }
  onProgress('Using the platform that is running already');
  return {
    gatewayUrl: facts.gatewayUrl,
    apiKey: readApiKey(dataDir),
    firstAdmin: null,
    addresses: [],
    isOwner: false,
    storage:
      databaseUrl === null ? null : { databaseUrl, artifactsDir: artifactsDir ?? artifactsFolder(dataDir) },
    release: async () => leave(),
  };
}

async function ownStack(
  lock: FileLock,
  place: StackPlace,
  settings: StackSettings,
  options: UseLocalStackOptions,
): Promise<StackUse> {
  const { purpose, onProgress, signal } = options;
  const leftovers = await sweepLedger(place.ledgerPath);
  if (leftovers.length > 0) onProgress(`Ended what a killed run had left behind (${leftovers.join(', ')})`);

  const ledger = openLedger(place.ledgerPath);
  const guardian = startGuardian(place.ledgerPath, place.lockPath);
  const facts: StackFacts = {
    state: 'starting',
    purpose,
    settingsFingerprint: settings.fingerprint,
    gatewayUrl: null,
  };
  ledger.setFacts(facts);
  const close = async (): Promise<void> => {
    ledger.close();
    await guardian.dismiss();
    lock.release();
  };

  try {
    const ports = purpose === 'start' ? 'documented' : 'free';
    const stack = await startLocalStack({ ...options, ports, settings, ledger, signal });
    const ready: StackFacts = { ...facts, state: 'ready', gatewayUrl: stack.gatewayUrl };
    ledger.setFacts(ready);
    return {
      gatewayUrl: stack.gatewayUrl,
      apiKey: readApiKey(options.dataDir),
      firstAdmin: stack.firstAdmin,
      addresses: stack.addresses,
      isOwner: true,
      storage: stack.storage,
      async release(hurry) {
        await waitForUsers(place.usersFolder, onProgress, hurry, (state) =>
          ledger.setFacts({ ...ready, state }),
        );
        await stack.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function waitForUsers(
  folder: string,
  onProgress: Announce,
  hurry: AbortSignal,
  setState: (state: 'ready' | 'stopping') => void,
): Promise<void> {
  let lastCount = 0;
  for (;;) {
    setState('stopping');
    const count = countUsers(folder);
    if (count === 0 || hurry.aborted) return;
    setState('ready');
    if (count !== lastCount) onProgress(`Waiting for other scans that use the platform (${count})`);
    lastCount = count;
    await delay(POLL_MS);
  }
}

function busy(message: string): AppError {
  return new AppError('STACK_BUSY', message);
}
