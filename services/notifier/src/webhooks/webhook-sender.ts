import { openWebhookSecret, type AuthKeys } from '@cookie-scanner/auth';
import type { ClaimedDelivery, DeliveryOutcome, WebhookOutboundRepository } from '@cookie-scanner/database';
import type { Logger } from '@cookie-scanner/observability';
import type { PostWebhook, WebhookAnswer } from './post-webhook.ts';
import { CIRCUIT_FAILURES_MIN, circuitPauseSeconds, pauseAfter } from './retry-schedule.ts';
import { webhookHeaders } from './sign-webhook.ts';

interface WebhookSenderOptions {
  readonly webhooks: WebhookOutboundRepository;
  readonly keys: Pick<AuthKeys, 'webhookSecret'>;
  readonly post: PostWebhook;
  readonly attemptsMax: number;
  /** Calls at the same time; one endpoint never has more than one. */
  readonly concurrency: number;
  /** Longer than any call takes: then a delivery is somebody else's. */
  readonly leaseSeconds: number;
  /** How often to look for what is due. */
  readonly pollMs: number;
  readonly logger: Logger;
  /** Called for each attempt, for metrics. */
  readonly onSettled?: (outcome: DeliveryOutcome['kind']) => void;
}

/** Sends webhooks that are due, until it is closed. */
export interface WebhookSender {
  /** Looks now, because something is due. */
  wake(): void;
  /** Takes nothing new, gives running calls so long, then hands them back. */
  close(graceMs: number): Promise<void>;
}

/**
 * Sends what is due. PostgreSQL is the queue: a delivery is a row with the time of its next attempt, so neither a dead process
 * nor a Redis that lost everything loses one, and pauses of hours cost nothing. Several senders share the work.
 */
export function startWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { webhooks, concurrency, leaseSeconds, pollMs, logger } = options;
  const running = new Map<string, Promise<void>>();
  const aborting = new AbortController();
  let isClosing = false;
  let wake = (): void => undefined;

  async function takeDue(): Promise<void> {
    const limit = concurrency - running.size;
    if (limit <= 0) return;
    const claim = { limit, leaseSeconds, busyEndpointIds: [...running.keys()] };
    for (const delivery of await webhooks.claimDue(claim)) {
      const call = sendOne(options, delivery, aborting.signal)
        .catch((error: unknown) =>
          logger.warn('a webhook could not be settled; it is tried again', { error }),
        )
        .finally(() => {
          running.delete(delivery.endpointId);
          wake();
        });
      running.set(delivery.endpointId, call);
    }
  }

  async function work(): Promise<void> {
    while (!isClosing) {
      const woken = Promise.withResolvers<undefined>();
      wake = () => woken.resolve(undefined);
      await takeDue().catch((error: unknown) =>
        logger.warn('webhooks that are due could not be read', { error }),
      );
      const timer = setTimeout(wake, pollMs);
      await woken.promise;
      clearTimeout(timer);
    }
  }

  const ended = work();
  return {
    wake: () => wake(),
    async close(graceMs) {
      isClosing = true;
      wake();
      const timer = setTimeout(() => aborting.abort(new Error('shutdown')), graceMs);
      await ended;
      await Promise.all(running.values());
      clearTimeout(timer);
    },
  };
}

async function sendOne(
  { webhooks, keys, post, attemptsMax, logger, onSettled }: WebhookSenderOptions,
  delivery: ClaimedDelivery,
  signal: AbortSignal,
): Promise<void> {
  const { id, endpointId, eventId, attempt, url, secretSealed, previousSecretSealed } = delivery;
  const secrets = [secretSealed, previousSecretSealed]
    .filter((sealed) => sealed !== null)
    .map((sealed) => openWebhookSecret(keys, endpointId, sealed));
  const body = JSON.stringify(delivery.payload);
  const timestampSeconds = Math.floor(Date.now() / 1_000);
  const headers = webhookHeaders({ id: eventId, timestampSeconds, body }, secrets);
  const call = { url, headers: { ...headers, 'User-Agent': 'cookie-scanner-webhooks' }, body };
  let answer: WebhookAnswer;
  try {
    answer = await post(call, signal);
  } catch {
    // Only a shutdown ends a call this way.
    await webhooks.giveBack(delivery);
    return;
  }
  const outcome = outcomeOf(answer, { attempt, attemptsMax });
  const { isBroken } = await webhooks.settle(delivery, outcome);
  onSettled?.(outcome.kind);
  const { kind } = outcome;
  logger.info('a webhook was called', { deliveryId: id, endpointId, attempt, outcome: kind, isBroken });
}

/** What an answer means: 2xx took it, 410 wants nothing any more, everything else may go better later. */
function outcomeOf(
  answer: WebhookAnswer,
  { attempt, attemptsMax }: { attempt: number; attemptsMax: number },
): DeliveryOutcome {
  const failed = (
    status: number | null,
    reason: string,
    retryAfterSeconds: number | null,
  ): DeliveryOutcome => ({
    ...{ kind: 'failed', status, reason },
    retryInSeconds: pauseAfter({ attempt, attemptsMax, retryAfterSeconds }),
    circuit: { failuresMin: CIRCUIT_FAILURES_MIN, pauseSeconds: circuitPauseSeconds },
  });
  if (answer.kind === 'failed') return failed(null, answer.reason, null);
  const { status, retryAfterSeconds } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (status === 410) return { kind: 'gone', status, reason: 'the receiver answered 410: gone for good' };
  const isRedirect = status >= 300 && status < 400;
  const reason = `the receiver answered ${status}${isRedirect ? '; redirects are not followed' : ''}`;
  return failed(status, reason, retryAfterSeconds);
}
