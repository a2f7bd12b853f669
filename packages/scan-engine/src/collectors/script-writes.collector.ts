import { storageKindSchema, type StorageKind } from '@cookie-scanner/contracts';
import { randomUUID } from 'node:crypto';
import { sendAndForget, type AttachedTarget } from '../browser/target-attacher.ts';
import type { Protocol } from '../browser/cdp.ts';
import { runBeforeFirstScript } from './before-first-script.ts';
import type { Collector, ScanClock } from './collector.ts';
import type { FramesCollector } from './frames.collector.ts';
import { scriptOrigin, type ScriptOrigin } from './script-origin.ts';
import { writeHookSource } from './write-hook.ts';

/** A script wrote to `document.cookie`. */
export interface DocumentCookieWrite extends ScriptOrigin {
  readonly kind: 'javascript';
  readonly line: string;
  /** Whether the script could read the cookie back at once. */
  readonly visible: boolean;
}

/** A script called `cookieStore.set` or `cookieStore.delete`. Fields are as given; null when left out. */
export interface CookieStoreWrite extends ScriptOrigin {
  readonly kind: 'cookie-store';
  readonly action: 'set' | 'delete';
  readonly name: string;
  readonly value: string;
  readonly domain: string | null;
  readonly path: string | null;
  /** Unix milliseconds. */
  readonly expiresMs: number | null;
  readonly sameSite: string | null;
  readonly partitioned: boolean;
  /** Null until the browser has answered. */
  succeeded: boolean | null;
}

/** A script wrote to Web Storage or Shared Storage, or opened a database, a cache, a storage bucket or a private file. */
export interface StorageWrite extends ScriptOrigin {
  readonly storage: StorageKind;
  /** Key of Web Storage and Shared Storage; the name of what was opened otherwise. */
  readonly key: string;
  /** True when nobody saw the write itself: the script is the last one that had asked for the storage. */
  readonly isConcluded: boolean;
  /** True for what is kept in a storage bucket instead of beside all others. */
  readonly isInBucket: boolean;
}

/** Everything that scripts wrote, with the stack that the browser itself took. */
export interface ScriptWritesCollector extends Collector {
  cookieWrites(): readonly (DocumentCookieWrite | CookieStoreWrite)[];
  storageWrites(): readonly StorageWrite[];
}

const STORAGE_KINDS = storageKindSchema.options;

/** Asynchronous steps that stacks reach back over: images made by script start from such a step. */
const ASYNC_STACK_DEPTH = 8;

/** No browser takes a longer name and value, 4,096 bytes, so what is cut off belongs to a cookie that was refused. */
const LINE_LENGTH_MAX = 16_384;

/** A page that writes without end must not fill our memory; what is past the bound is still in the jar. */
const WRITES_MAX = 20_000;

/** Collects cookie and storage writes by script from every frame and worker. */
export function scriptWritesCollector(clock: ScanClock, frames: FramesCollector): ScriptWritesCollector {
  const token = randomUUID();
  const source = writeHookSource(token);
  const cookieWrites: (DocumentCookieWrite | CookieStoreWrite)[] = [];
  const storageWrites: StorageWrite[] = [];
  const unanswered = new Map<string, CookieStoreWrite>();

  const originOf = (target: AttachedTarget, event: Protocol.Runtime.ConsoleAPICalledEvent): ScriptOrigin =>
    scriptOrigin(target, event, frames, clock());

  const onReport = (target: AttachedTarget, event: Protocol.Runtime.ConsoleAPICalledEvent): void => {
    const [mark, kind, ...facts] = event.args.map(({ value }): unknown => value ?? null);
    if (mark !== token || cookieWrites.length + storageWrites.length >= WRITES_MAX) return;
    const callKey = `${target.session.id()}:${event.executionContextId}:${String(facts[0])}`;
    switch (kind) {
      case 'document.cookie':
        cookieWrites.push({
          ...originOf(target, event),
          kind: 'javascript',
          line: bounded(text(facts[0]) ?? ''),
          visible: facts[1] === true,
        });
        return;
      case 'cookieStore.set':
      case 'cookieStore.delete': {
        const write = cookieStoreWrite(kind, facts, originOf(target, event));
        cookieWrites.push(write);
        unanswered.set(callKey, write);
        return;
      }
      case 'outcome': {
        const write = unanswered.get(callKey);
        if (write) write.succeeded = facts[1] === true;
        unanswered.delete(callKey);
        return;
      }
      case 'storage.set':
      case 'storage.property':
      case 'storage.in_bucket':
        storageWrites.push({
          ...originOf(target, event),
          storage: STORAGE_KINDS.find((kind) => kind === facts[0]) ?? 'session',
          key: text(facts[1]) ?? '',
          isConcluded: kind === 'storage.property',
          isInBucket: kind === 'storage.in_bucket',
        });
        return;
      default:
    }
  };

  return {
    attach(target) {
      const { session } = target;
      session.on('Runtime.consoleAPICalled', (event) => {
        if (event.type === 'debug' && event.args[0]?.value === token) onReport(target, event);
      });
      sendAndForget(session, 'Runtime.enable');
      sendAndForget(session, 'Runtime.setAsyncCallStackDepth', { maxDepth: ASYNC_STACK_DEPTH });
      runBeforeFirstScript(target, source);
    },
    cookieWrites: () => cookieWrites,
    storageWrites: () => storageWrites,
  };
}

function cookieStoreWrite(
  kind: 'cookieStore.set' | 'cookieStore.delete',
  facts: readonly unknown[],
  origin: ScriptOrigin,
): CookieStoreWrite {
  const isSet = kind === 'cookieStore.set';
  const [, name, ...rest] = facts;
  const [value, domain, path, expires, sameSite, partitioned] = isSet
    ? rest
    : [null, rest[0], rest[1], null, null, rest[2]];
  const expiresMs = Number(text(expires) ?? Number.NaN);
  return {
    ...origin,
    kind: 'cookie-store',
    action: isSet ? 'set' : 'delete',
    name: text(name) ?? '',
    value: text(value) ?? '',
    domain: text(domain),
    path: text(path),
    expiresMs: Number.isNaN(expiresMs) ? null : expiresMs,
    sameSite: text(sameSite),
    partitioned: partitioned === true,
    succeeded: null,
  };
}

/** A part of a string holds on to the whole of it, so what is kept is made anew. */
function bounded(line: string): string {
  if (line.length <= LINE_LENGTH_MAX) return line;
  return Buffer.from(line.slice(0, LINE_LENGTH_MAX)).toString();
}

function text(fact: unknown): string | null {
  return typeof fact === 'string' ? fact : null;
}
