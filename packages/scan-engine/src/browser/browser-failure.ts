import { ConnectionClosedError, ProtocolError } from 'puppeteer';
import { within } from '../deadline.ts';
import type { RunningBrowser } from './launch-browser.ts';

/** No healthy browser, however busy its pages are, takes longer to say its version. */
const ANSWER_LIMIT_MS = 2_000;

/** Whether a browser is still there and answers. Never rejects. */
export async function isAnswering({ root, gone }: Pick<RunningBrowser, 'root' | 'gone'>): Promise<boolean> {
  const answer = root.send('Browser.getVersion').then(
    () => true,
    () => false,
  );
  const ended = gone.then(() => false);
  return (await within(Promise.race([answer, ended]), ANSWER_LIMIT_MS)) === true;
}

/** Whether an error says that the browser could not do what it was asked, or lost what it was asked about. */
export function isProtocolFailure(error: unknown): boolean {
  return error instanceof ProtocolError || error instanceof ConnectionClosedError;
}
