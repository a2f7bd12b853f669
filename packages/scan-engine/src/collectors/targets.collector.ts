import { isWorkerType, type AttachedTarget } from '../browser/target-attacher.ts';
import type { Collector } from './collector.ts';

/** Knows which pages, frames and workers of the scan are alive, and which ran before anybody could look. */
export interface TargetsCollector extends Collector {
  /** Targets with a clock of their own: pages and out-of-process frames. */
  frames(): readonly AttachedTarget[];
  /** Dedicated, shared and service workers. */
  workers(): readonly AttachedTarget[];
  /** Whether it is there and has a process that can answer. */
  isAlive(target: AttachedTarget): boolean;
  /** Resolves with the target of that id as soon as it is attached. */
  whenAttached(targetId: string): Promise<AttachedTarget>;
  whenDetached(target: AttachedTarget): Promise<void>;
  /** Calls back for every frame attached from now on; returns how to stop. */
  onFrame(listener: (target: AttachedTarget) => void): () => void;
  /** Addresses of targets that were already running when they were attached. */
  notPaused(): readonly string[];
}

/** Collects the life of targets. */
export function targetsCollector(): TargetsCollector {
  const alive = new Map<string, AttachedTarget>();
  /** Still there, with no process behind them that could answer. */
  const crashed = new Set<string>();
  const notPaused: string[] = [];
  const waiting = new Map<string, (target: AttachedTarget) => void>();
  const leaving = new Map<string, () => void>();
  const listeners = new Set<(target: AttachedTarget) => void>();
  const lives = (target: AttachedTarget): boolean =>
    alive.has(target.session.id()) && !crashed.has(target.session.id());
  const isFrame = ({ type }: AttachedTarget): boolean => type === 'page' || type === 'iframe';

  return {
    attach(target) {
      const { session } = target;
      alive.set(session.id(), target);
      session.on('Inspector.targetCrashed', () => void crashed.add(session.id()));
      session.on('Inspector.targetReloadedAfterCrash', () => void crashed.delete(session.id()));
      if (!target.wasPaused) notPaused.push(target.url);
      waiting.get(target.id)?.(target);
      waiting.delete(target.id);
      if (isFrame(target)) for (const listener of listeners) listener(target);
    },
    detached(target) {
      alive.delete(target.session.id());
      leaving.get(target.session.id())?.();
    },
    frames: () => [...alive.values()].filter((target) => isFrame(target) && lives(target)),
    workers: () => [...alive.values()].filter(({ type }) => isWorkerType(type)),
    isAlive: lives,
    whenAttached: async (targetId) =>
      [...alive.values()].find(({ id }) => id === targetId) ??
      (await new Promise<AttachedTarget>((resolve) => void waiting.set(targetId, resolve))),
    whenDetached: async (target) => {
      if (!alive.has(target.session.id())) return;
      await new Promise<void>((resolve) => void leaving.set(target.session.id(), resolve));
    },
    onFrame(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    notPaused: () => notPaused,
  };
}
