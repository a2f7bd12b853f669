import {
  secretNamesIn,
  type LoginFlow,
  type LoginObservation,
  type LoginStep,
} from '@cookie-scanner/contracts';
import { isProtocolFailure } from '../../browser/browser-failure.ts';
import type { AttachedTarget } from '../../browser/target-attacher.ts';
import type { JarCookie } from '../../collectors/cookie-jar.ts';
import { startDeadline, TIMED_OUT, within, type Deadline } from '../../deadline.ts';
import { openPage } from '../../page/page-visit.ts';
import type { ScanSession } from '../../scan-session.ts';
import { expectArrival } from './arrival.ts';
import { keyboard } from './keyboard.ts';
import { LoginFailure } from './login-failure.ts';
import { takeStep, type LoginWorld } from './login-steps.ts';
import { windowOf } from './login-window.ts';
import { secretHosts } from './secret-hosts.ts';

/** Quiet of the network after which the last step of a login has had its effect. */
const REST_MS = 500;
const REST_LIMIT_MS = 5_000;
/** Navigations take longer than what the Recorder allows a step by default. */
const NAVIGATION_LIMIT_MIN_MS = 15_000;

/** How a login went, and when it gave away what it knows. */
export interface Login extends LoginObservation {
  /** On the scan's clock; null when no step gave any. */
  readonly credentialsGivenAtMs: number | null;
  /** What the jar held at that moment. */
  readonly jarBefore: readonly JarCookie[];
}

interface LoginPlan {
  readonly startUrl: string;
  readonly deadline: Deadline;
  readonly bytesReceived: () => number;
}

/**
 * Takes the steps of a recorded login in a page of its own, before anything is visited, and leaves that page. Time in
 * it is that of the wall: no clock has been taken over yet. A step that does not succeed ends the login.
 */
export async function replayLogin(
  scan: ScanSession,
  { recording, secrets }: LoginFlow,
  plan: LoginPlan,
): Promise<Login> {
  const page = await openPage(scan);
  const world: LoginWorld = {
    scan,
    page,
    keyboard: keyboard(),
    secrets,
    secretHosts: secretHosts(plan.startUrl, recording),
  };
  let credentialsGivenAtMs: number | null = null;
  let jarBefore: readonly JarCookie[] = [];
  let failure: Pick<LoginObservation, 'failedStep' | 'reason'> | null = null;
  for (const [index, step] of recording.steps.entries()) {
    const reason = await outcomeOf(step, recording.timeout, world, plan.deadline);
    if (reason !== null) {
      failure = { failedStep: index + 1, reason: `${step.type}: ${reason}` };
      break;
    }
    if (givesCredentials(step, recording.steps)) {
      credentialsGivenAtMs = scan.clock();
      const jar = await within(scan.snapshotJar(), plan.deadline.remainingMs());
      if (jar !== TIMED_OUT) jarBefore = jar;
    }
  }
  if (failure === null) await untilAtRest(scan, plan.deadline);
  await page.leave(plan.deadline, plan.bytesReceived);
  return {
    status: failure === null ? 'succeeded' : 'failed',
    ...(failure ?? { failedStep: null, reason: null }),
    credentialsGivenAtMs,
    jarBefore,
  };
}

/** @returns why a step did not succeed, null when it did */
async function outcomeOf(
  step: LoginStep,
  timeoutMs: number,
  world: LoginWorld,
  deadline: Deadline,
): Promise<string | null> {
  const leadsElsewhere = step.type === 'navigate' || step.assertedEvents.length > 0;
  const stepMs = step.timeout ?? (leadsElsewhere ? Math.max(timeoutMs, NAVIGATION_LIMIT_MIN_MS) : timeoutMs);
  const limit = startDeadline(Math.min(stepMs, deadline.remainingMs()));
  try {
    const window = await windowOf(world.scan, world.page.target, step.target, limit);
    const taken = await within(takeAndArrive(step, window, world, limit), limit.remainingMs() + REST_MS);
    if (taken !== TIMED_OUT) return null;
    return deadline.passed ? 'the time of the scan was up' : 'the page did not answer in time';
  } catch (error) {
    if (error instanceof LoginFailure) return deadline.passed ? 'the time of the scan was up' : error.message;
    if (isProtocolFailure(error)) return 'the page went away before it was done';
    throw error;
  }
}

async function takeAndArrive(
  step: LoginStep,
  window: AttachedTarget,
  world: LoginWorld,
  limit: Deadline,
): Promise<void> {
  const arrivals = step.assertedEvents.map(({ url }) =>
    expectArrival(window, url === undefined || url === '' ? null : url),
  );
  try {
    await takeStep(step, { ...world, window, limit });
    for (const arrival of arrivals) await arrival.wait(limit);
  } finally {
    for (const arrival of arrivals) arrival.stop();
  }
}

/** A recording without secrets may type what it knows in the open. */
function givesCredentials(step: LoginStep, steps: readonly LoginStep[]): boolean {
  const isSecret = (one: LoginStep): boolean => one.type === 'change' && secretNamesIn(one.value).length > 0;
  return steps.some(isSecret) ? isSecret(step) : step.type === 'change';
}

async function untilAtRest({ requests }: ScanSession, deadline: Deadline): Promise<void> {
  const limit = AbortSignal.timeout(Math.min(REST_LIMIT_MS, deadline.remainingMs()));
  await requests.untilStalled(REST_MS, limit);
}
