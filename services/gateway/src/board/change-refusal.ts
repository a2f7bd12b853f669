import { QUEUES, type QueueContract } from '@cookie-scanner/contracts';
import type { BoardQueue } from '@cookie-scanner/queues';
import type { BoardAction } from './board-action.ts';

/** States of jobs that are over: what came of them is in the database. `unknown` is a job that is not there. */
const OVER: ReadonlySet<string> = new Set(['completed', 'failed', 'unknown']);
const RETRIED: ReadonlySet<string> = new Set(['failed', 'unknown']);

const CONTRACTS: ReadonlyMap<string, QueueContract> = new Map(
  QUEUES.map((contract) => [contract.name, contract]),
);

/**
 * Why a change must not be made although it is one that is allowed; null when nothing speaks against it.
 *
 * Work that exists nowhere else must not be removed: jobs that are over may go, and so may all jobs of a queue whose open
 * work the database knows, because it is offered again. And what is done must not be done again.
 */
export async function changeRefusal(
  action: BoardAction,
  queues: readonly BoardQueue[],
): Promise<string | null> {
  const { verb, queue } = action;
  if (verb === 'retry') {
    return RETRIED.has(await stateOf(action, queues)) ? null : 'Only jobs that failed are tried again.';
  }
  const isRemoval = verb === 'clean' || verb === 'empty' || verb === 'obliterate';
  if (!isRemoval || CONTRACTS.get(queue ?? '')?.isOfferedAgain === true) return null;
  return OVER.has(await stateOf(action, queues))
    ? null
    : 'Jobs of this queue that are not over exist nowhere else, so they stay.';
}

/** The state of the jobs that a change is about; `any` when it is about all of them. */
async function stateOf({ queue, jobId, state }: BoardAction, queues: readonly BoardQueue[]): Promise<string> {
  if (state !== null) return state;
  const opened = queues.find(({ name }) => name === queue);
  return jobId === null || !opened ? 'any' : opened.getJobState(jobId);
}
