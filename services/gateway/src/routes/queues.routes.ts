import type { QueueSummary, WorkerList } from '@cookie-scanner/contracts';
import type { BoardQueue } from '@cookie-scanner/queues';
import type { GatewayDeps } from '../gateway-deps.ts';
import type { ApiRoute } from '../http/api-route.ts';
import { jsonAnswer } from '../http/json-body.ts';
import { problemResponses } from './problem-responses.ts';

type Deps = Pick<GatewayDeps, 'queues' | 'pingRedis' | 'workers'>;

/** How much waits where, and who works, for those who run the platform. */
export function queuesRoutes({ queues, pingRedis, workers }: Deps): ApiRoute[] {
  return [
    {
      permission: 'queues:read',
      method: 'get',
      path: '/queues',
      operation: {
        operationId: 'listQueues',
        summary: 'Show how much waits in each queue, and for which workers',
        description:
          'Scans that ask for labels of a worker have queues of their own, which are counted under pools, by what the database ' +
          'knows: also scans that wait because no worker has their labels.',
        tags: ['Queues'],
        responses: { 200: jsonAnswer('QueueSummary', 'Every queue.'), ...problemResponses() },
      },
      async handle(_request, response) {
        // BullMQ waits without limit while Redis is away.
        await pingRedis();
        const [items, pools] = await Promise.all([Promise.all(queues.map(summaryOf)), workers.pools()]);
        response.json({ items, pools } satisfies QueueSummary);
      },
    },
    {
      permission: 'queues:read',
      method: 'get',
      path: '/workers',
      operation: {
        operationId: 'listWorkers',
        summary: 'List the workers with their labels',
        description:
          'A worker gives a sign of life every five seconds; one that stops in order is gone at once.',
        tags: ['Queues'],
        responses: { 200: jsonAnswer('WorkerList', 'Those seen within a day.'), ...problemResponses() },
      },
      async handle(_request, response) {
        response.json({ items: await workers.list() } satisfies WorkerList);
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
