import type { CDPSession } from '../browser/cdp.ts';
import type { FormMarkers } from '../attribution/form-markers.ts';

/** Fields of one page that are typed into; further ones of the same kind tell nothing new. */
const FIELDS_MAX = 6;
const EVALUATE_LIMIT_MS = 1_000;

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

/**
 * Types the scan's markers into the fields of a page, key by key as a visitor would, and leaves each field. No form is
 * ever sent: no key that could send one is pressed.
 *
 * @returns how many fields were typed into
 */
export async function typeIntoForms(
  session: CDPSession,
  frameId: string,
  markers: FormMarkers,
): Promise<number> {
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId,
    worldName: 'forms',
  });
  const ask = async (expression: string): Promise<unknown> => {
    const answer = await session.send('Runtime.evaluate', {
      contextId,
      expression,
      returnByValue: true,
      timeout: EVALUATE_LIMIT_MS,
    });
    return answer.result.value;
  };
  const kinds = await ask(FIND_FIELDS);
  if (!Array.isArray(kinds)) return 0;
  let typed = 0;
  for (const [index, kind] of kinds.entries()) {
    const field = `globalThis.fields[${index}]`;
    const hasFocus = await ask(
      `${field}.focus({ preventScroll: true }); ${field}.getRootNode().activeElement === ${field}`,
    );
    if (hasFocus !== true) continue;
    await type(session, kind === 'email' ? markers.email : markers.text);
    await ask(`${field}.blur()`);
    typed += 1;
  }
  return typed;
}

async function type(session: CDPSession, text: string): Promise<void> {
  await Promise.all(
    Array.from(text, (key) => [
      session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text: key, unmodifiedText: key }),
      session.send('Input.dispatchKeyEvent', { type: 'keyUp', key }),
    ]).flat(),
  );
}
