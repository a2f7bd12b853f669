// Loaded before a service (`node --import <this>?file=<path>`): its `Date` is off by the milliseconds that stand in the
// file, which may change while it runs. Timers are not affected, as they are not by a real clock that is set.
import { readFileSync } from 'node:fs';

const POLL_MS = 100;
const RealDate = Date;
const path = new URL(import.meta.url).searchParams.get('file') ?? '';
let offsetMs = 0;

const now = (): number => RealDate.now() + offsetMs;

function readOffset(): void {
  try {
    offsetMs = Number(readFileSync(path, 'utf8'));
  } catch {
    // Nobody has set this clock yet.
    offsetMs = 0;
  }
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
});
readOffset();
setInterval(readOffset, POLL_MS).unref();
