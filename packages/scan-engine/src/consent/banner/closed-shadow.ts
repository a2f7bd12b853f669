import type { CDPSession, Protocol } from '../../browser/cdp.ts';
import { TIMED_OUT, within } from '../../deadline.ts';
import { CONSENT_VOCABULARY, CONSENT_WORDS } from './consent-words.ts';
import { labelPurpose } from './label-purpose.ts';

type Node = Protocol.DOM.Node;

const ANSWER_LIMIT_MS = 2_000;
const TEXT_MAX = 2_000;
const ASKING: ReadonlySet<string> = new Set(['accept', 'reject', 'acknowledge', 'save', 'settings']);

const IS_SHOWN = `function () {
  const box = this.getBoundingClientRect();
  return this.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 20 && box.height > 10;
}`;

/**
 * Looks for a banner in closed shadow roots, which no script of the page or of ours can enter, and a visitor can.
 *
 * @returns what it says; null when there is none
 */
export async function findClosedBanner(session: CDPSession): Promise<string | null> {
  const answer = await within(
    session.send('DOM.getDocument', { depth: -1, pierce: true }),
    ANSWER_LIMIT_MS,
  ).catch(() => null); // The page is gone, or too large to be told.
  if (answer === null || answer === TIMED_OUT) return null;
  for (const { host, root } of closedRoots(answer.root)) {
    const parts = texts(root);
    const text = parts.join(' ').replace(/\s+/g, ' ').trim();
    const asks = parts.some((part) => ASKING.has(labelPurpose(part, CONSENT_WORDS) ?? ''));
    if (!asks || !CONSENT_VOCABULARY.test(text.toLowerCase())) continue;
    if (await isShown(session, largestChild(root) ?? host)) return text.slice(0, TEXT_MAX);
  }
  return null;
}

function closedRoots(node: Node): { host: Node; root: Node }[] {
  const own = (node.shadowRoots ?? []).map((root) => ({ host: node, root }));
  const below = [...(node.shadowRoots ?? []), ...(node.children ?? [])].flatMap(closedRoots);
  return [...own.filter(({ root }) => root.shadowRootType === 'closed'), ...below];
}

function texts(node: Node): string[] {
  if (node.nodeName === 'STYLE' || node.nodeName === 'SCRIPT') return [];
  if (node.nodeType === 3) return [node.nodeValue.trim()].filter((text) => text !== '');
  return [...(node.shadowRoots ?? []), ...(node.children ?? [])].flatMap(texts);
}

/** The part of a root that has something to show; hosts themselves are often without size. */
function largestChild(root: Node): Node | undefined {
  return (root.children ?? [])
    .filter(({ nodeName }) => nodeName !== 'STYLE' && nodeName !== 'SCRIPT')
    .toSorted((one, other) => texts(other).join('').length - texts(one).join('').length)[0];
}

async function isShown(session: CDPSession, { backendNodeId }: Node): Promise<boolean> {
  const asked = session.send('DOM.resolveNode', { backendNodeId }).then(
    async ({ object: { objectId } }) =>
      await session.send('Runtime.callFunctionOn', {
        ...(objectId === undefined ? {} : { objectId }),
        functionDeclaration: IS_SHOWN,
        returnByValue: true,
      }),
  );
  const answer = await within(asked, ANSWER_LIMIT_MS).catch(() => null); // It was removed meanwhile.
  return answer !== null && answer !== TIMED_OUT && answer.result.value === true;
}
