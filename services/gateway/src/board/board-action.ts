/** What may be done to queues by hand. */
const QUEUE_VERBS = ['pause', 'resume', 'promote', 'empty', 'obliterate'] as const;
const STATE_VERBS = ['retry', 'clean'] as const;
const JOB_VERBS = ['retry', 'clean', 'promote'] as const;
const BOARD_VERBS = ['pause', 'resume'] as const;

/** One change that somebody makes on Bull Board. */
export interface BoardAction {
  readonly verb: (typeof QUEUE_VERBS | typeof STATE_VERBS)[number];
  /** Null for every queue. */
  readonly queue: string | null;
  /** Null for no job in particular. */
  readonly jobId: string | null;
  /** All jobs in this state; null for no state in particular. */
  readonly state: string | null;
}

/** Names and ids of ours; what is written in another way is none of ours, and refused. */
const PART = /^[\w.-]{1,200}$/;

/**
 * The change that a request to Bull Board makes; null for everything that must not be done by hand: making and rewriting jobs,
 * whose data is of the platform alone, and turning the screws of a queue.
 *
 * @param path - below the board, such as `/api/queues/scan-site/pause`
 */
export function boardActionOf(method: string, path: string): BoardAction | null {
  const [root, api, queues, ...parts] = path.split('/');
  const isOurs =
    root === '' && api === 'api' && queues === 'queues' && parts.every((part) => PART.test(part));
  if (method !== 'PUT' || !isOurs) return null;
  const [first = '', second = '', third = ''] = parts;
  const nothing = { queue: first, jobId: null, state: null };
  switch (parts.length) {
    case 1: {
      const verb = BOARD_VERBS.find((each) => each === first);
      return verb ? { ...nothing, verb, queue: null } : null;
    }
    case 2: {
      const verb = QUEUE_VERBS.find((each) => each === second);
      return verb ? { ...nothing, verb } : null;
    }
    case 3: {
      const ofState = STATE_VERBS.find((each) => each === second);
      if (ofState) return { ...nothing, verb: ofState, state: third };
      const ofJob = JOB_VERBS.find((each) => each === third);
      return ofJob ? { ...nothing, verb: ofJob, jobId: second } : null;
    }
    default:
      return null;
  }
}
