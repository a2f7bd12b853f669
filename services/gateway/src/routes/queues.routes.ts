import type { QueueSummary } from '@cookie-scanner/contracts';
import type { BoardQueue } from '@cookie-scanner/queues';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { problemResponses } from './problem-responses.ts';

/** How much waits where, for those who run the platform. */
export function queuesRoutes({ queues, pingRedis }: Pick<GatewayDeps, 'queues' | 'pingRedis'>): ApiRoute[] {
  return [
    {
      permission: 'queues:read',
      method: 'get',
      path: '/queues',
      operation: {
        operationId: 'listQueues',
        summary: 'Show how much waits in each queue',
        tags: ['Queues'],
        responses: { 200: jsonAnswer('QueueSummary', 'Every queue.'), ...problemResponses() },
      },
      async handle(_request, response) {
        // BullMQ waits without limit while Redis is away.
        await pingRedis();
        const items = await Promise.all(queues.map(summaryOf));
        response.json({ items } satisfies QueueSummary);
      },
    },
  ];
}

async function summaryOf(queue: BoardQueue): Promise<QueueSummary['items'][number]> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed');
  const countOf = (state: string): number => counts[state] ?? 0;
  return {
    name: queue.name,
    isPaused: await queue.isPaused(),
    counts: {
      waiting: countOf('waiting'),
      active: countOf('active'),
      delayed: countOf('delayed'),
      failed: countOf('failed'),
      completed: countOf('completed'),
    },
  };
}
