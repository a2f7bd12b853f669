import { afterEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@cookie-scanner/observability';
import { startOutboxRelay, type OutboxRelay } from './outbox-relay.ts';

const FOR_EVER_MS = 2 ** 31 - 1;

describe('the outbox relay', () => {
  let relay: OutboxRelay;
  afterEach(() => relay.stop());

  /** An outbox whose batches are answered one by one by the test. */
  const outboxOf = (...answers: (number | Error)[]) => {
    const emptied = Promise.withResolvers<undefined>();
    const state = { calls: 0, running: 0, mostRunning: 0, emptied: emptied.promise };
    const relayBatch = async (): Promise<number> => {
      state.calls += 1;
      state.running += 1;
      state.mostRunning = Math.max(state.mostRunning, state.running);
      await Promise.resolve();
      state.running -= 1;
      const answer = answers.shift() ?? 0;
      if (answers.length === 0) emptied.resolve(undefined);
      if (answer instanceof Error) throw answer;
      return answer;
    };
    return { state, outbox: { relayBatch } };
  };
  const publish = (): Promise<void> => Promise.resolve();

  it('goes on without waiting while batches are full, and counts what went out', async () => {
    const { state, outbox } = outboxOf(100, 100, 7);
    let relayed = 0;
    relay = startOutboxRelay({
      outbox,
      publish,
      logger: silentLogger,
      sweepMs: FOR_EVER_MS,
      onRelayed: (count) => (relayed += count),
    });
    await state.emptied;
    await relay.stop();
    expect(state.calls).toBe(3);
    expect(relayed).toBe(207);
  });

  it('never runs two batches at once, however often it is nudged', async () => {
    const { state, outbox } = outboxOf(...Array<number>(50).fill(1));
    relay = startOutboxRelay({ outbox, publish, logger: silentLogger, sweepMs: 1 });
    const nudging = setInterval(() => relay.nudge(), 0);
    await state.emptied;
    clearInterval(nudging);
    expect(state.mostRunning).toBe(1);
  });

  it('carries one event that comes alone at once, and gathers what comes right after it', async () => {
    const { state, outbox } = outboxOf(1, 0);
    const carried = Promise.withResolvers<undefined>();
    relay = startOutboxRelay({
      outbox,
      publish,
      logger: silentLogger,
      sweepMs: FOR_EVER_MS,
      gatherMs: FOR_EVER_MS,
      onRelayed: () => carried.resolve(undefined),
    });
    await carried.promise;
    for (let n = 0; n < 10; n += 1) {
      relay.nudge();
      await new Promise(setImmediate);
    }
    expect(state.calls).toBe(1);
    await relay.stop();
  });

  it('looks by itself when nobody nudges', async () => {
    const { state, outbox } = outboxOf(0, 0, 0);
    relay = startOutboxRelay({ outbox, publish, logger: silentLogger, sweepMs: 1 });
    await state.emptied;
  });

  it('tries again after failures, waiting longer each time, and says when it works again', async () => {
    const away = new Error('away');
    const { state, outbox } = outboxOf(away, away, away, 3, 0);
    const lines: [string, unknown][] = [];
    const logger = {
      ...silentLogger,
      warn: (message: string, fields?: object) => void lines.push([message, fields]),
      info: (message: string, fields?: object) => void lines.push([message, fields]),
    };
    let failed = 0;
    relay = startOutboxRelay({
      outbox,
      publish,
      logger,
      sweepMs: 1,
      backoffMs: 1,
      onFailed: () => (failed += 1),
    });
    await state.emptied;
    expect(failed).toBe(3);
    expect(lines.map(([, fields]) => fields)).toEqual([
      { failures: 1, error: away },
      { failures: 2, error: away },
      { failures: 3, error: away },
      { failures: 3 },
    ]);
  });

  it('is not hurried by nudges while it waits after a failure', async () => {
    const { state, outbox } = outboxOf(new Error('away'), 0);
    const failed = Promise.withResolvers<undefined>();
    relay = startOutboxRelay({
      outbox,
      publish,
      logger: silentLogger,
      backoffMs: FOR_EVER_MS,
      onFailed: () => failed.resolve(undefined),
    });
    await failed.promise;
    for (let n = 0; n < 10; n += 1) relay.nudge();
    await new Promise(setImmediate);
    expect(state.calls).toBe(1);
  });

  it('shows life while it can carry nothing', async () => {
    const { outbox } = outboxOf(...Array<Error>(1_000).fill(new Error('away')));
    const third = Promise.withResolvers<undefined>();
    let failures = 0;
    relay = startOutboxRelay({
      outbox,
      publish,
      logger: silentLogger,
      backoffMs: 1,
      onFailed: () => {
        failures += 1;
        if (failures === 3) third.resolve(undefined);
      },
    });
    const startedAtMs = relay.lastTurnAt();
    await third.promise;
    expect(relay.lastTurnAt()).toBeGreaterThan(startedAtMs);
  });
});
