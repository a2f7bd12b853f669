import { startDeadline, TIMED_OUT, within, type Deadline } from '../deadline.ts';
import type { CDPSession } from '../browser/cdp.ts';
import type { FormMarkers } from '../attribution/form-markers.ts';

/** Fields of one page that are typed into; further ones of the same kind tell nothing new. */
const FIELDS_MAX = 6;
/**
 * A page that does not answer a key, or a question, within this time computes without end. A loaded machine is slow as
 * well, so that this is long; the scan's deadline bounds it all the same.
 */
const SILENCE_LIMIT_MS = 10_000;
/** Part of the scan's remaining time that typing may use up; the rest is for what the page does then. */
const SHARE_OF_DEADLINE = 0.4;

/**
 * Finds fields that a visitor would type a name, an address or a message into. What elements of the page are called
 * changes nothing, because the question goes to prototypes in a world of our own.
 */
const FIND_FIELDS = `(() => {
  const selector = 'input:not([type]), input[type="text" i], input[type="email" i], textarea';
  const about = (field) => ['type', 'name', 'id', 'autocomplete', 'placeholder', 'aria-label', 'role']
    .map((name) => field.getAttribute(name) ?? '').join(' ');
  globalThis.fields = [...Document.prototype.querySelectorAll.call(document, selector)]
    .filter((field) => !field.disabled && !field.readOnly && field.value === '' && field.getClientRects().length > 0)
    .filter((field) => !/search|query|captcha|coupon|combobox|one-time-code|cc-/i.test(about(field)))
    .slice(0, ${FIELDS_MAX});
  return globalThis.fields.map((field) => (/e-?mail/i.test(about(field)) ? 'email' : 'text'));
})()`;

/** How forms are typed into. */
interface Typing {
  readonly markers: FormMarkers;
  readonly deadline: Deadline;
  /** Called when there are fields, before the first key; typing waits for it. */
  readonly begin: () => Promise<void>;
}

/**
 * Types the scan's markers into the fields of a page, key by key as a visitor would, and leaves each field. No form is
 * ever sent: no key that could send one is pressed. Every key waits for the page's answer to the one before. A page
 * that falls silent is left alone.
 */
export async function typeIntoForms(
  session: CDPSession,
  frameId: string,
  { markers, deadline: scanDeadline, begin }: Typing,
): Promise<void> {
  const deadline = startDeadline(scanDeadline.remainingMs() * SHARE_OF_DEADLINE);
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await within(answer, Math.min(SILENCE_LIMIT_MS, deadline.remainingMs()));
    if (value === TIMED_OUT) throw new Error('the page has fallen silent while somebody types');
    return value;
  };
  const { executionContextId: contextId } = await answered(
    session.send('Page.createIsolatedWorld', { frameId, worldName: 'forms' }),
  );
  const ask = async (expression: string): Promise<unknown> => {
    const question = { contextId, expression, returnByValue: true, timeout: SILENCE_LIMIT_MS };
    const answer = await answered(session.send('Runtime.evaluate', question));
    return answer.result.value;
  };
  const kinds = await ask(FIND_FIELDS);
  if (!Array.isArray(kinds) || kinds.length === 0) return;
  await begin();
  for (const [index, kind] of kinds.entries()) {
    const field = `globalThis.fields[${index}]`;
    const hasFocus = await ask(
      `${field}.focus({ preventScroll: true }); ${field}.getRootNode().activeElement === ${field}`,
    );
    if (hasFocus !== true) continue;
    for (const key of kind === 'email' ? markers.email : markers.text) await answered(press(session, key));
    await ask(`${field}.blur()`);
  }
}

async function press(session: CDPSession, key: string): Promise<void> {
  await Promise.all([
    session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key, unmodifiedText: key }),
    session.send('Input.dispatchKeyEvent', { type: 'keyUp', key }),
  ]);
}
