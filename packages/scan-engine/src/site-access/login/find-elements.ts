import type { CDPSession, Protocol } from '../../browser/cdp.ts';
import { isProtocolFailure } from '../../browser/browser-failure.ts';
import { FIND_ALL, FIRST_SHOWN } from './element-search.ts';
import type { StepFrame } from './login-window.ts';

/** Something inside a page, and the session that reaches it. */
export interface PageObject {
  readonly session: CDPSession;
  readonly objectId: string;
}

type Way = readonly string[];
type SelectorKind = 'css' | 'xpath' | 'pierce' | 'text' | 'aria';

const ARIA = /^(.*?)(?:\[\s*role\s*=\s*["']?([\w-]+)["']?\s*\])?$/s;
/** Pieces of text are in the tree beside the elements that they name. */
const TEXT_ROLES: ReadonlySet<string> = new Set(['StaticText', 'InlineTextBox']);

/**
 * The elements that the first of several ways leads to; null when none leads anywhere. A page that is just going away
 * has none.
 */
export async function findElements(frame: StepFrame, ways: readonly Way[]): Promise<PageObject | null> {
  try {
    const { executionContextId } = await frame.session.send('Page.createIsolatedWorld', {
      frameId: frame.frameId,
      worldName: 'login',
    });
    for (const way of ways) {
      const found = await follow(frame.session, executionContextId, way);
      if (found !== null) return found;
    }
    return null;
  } catch (error) {
    if (isProtocolFailure(error)) return null;
    throw error;
  }
}

/** The one that a visitor would take for it: the first that is shown. */
export async function firstShown(elements: PageObject): Promise<PageObject | null> {
  const { objectId } = await callOn(elements, FIRST_SHOWN, []);
  return objectId === undefined ? null : { session: elements.session, objectId };
}

/** Calls a function, given as text, with the object as `this`. */
export async function callOn(
  { session, objectId }: PageObject,
  functionDeclaration: string,
  values: readonly unknown[],
  returnByValue = false,
): Promise<Protocol.Runtime.RemoteObject> {
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration,
    arguments: values.map((value) => ({ value })),
    returnByValue,
  });
  return result;
}

/** Goes from the document inwards, each selector within what the one before found. */
async function follow(session: CDPSession, contextId: number, way: Way): Promise<PageObject | null> {
  const { result } = await session.send('Runtime.evaluate', { contextId, expression: 'document' });
  let root: PageObject | null = result.objectId === undefined ? null : { session, objectId: result.objectId };
  let found: PageObject | null = null;
  for (const selector of way) {
    if (root === null) return null;
    found = await findAll(root, contextId, selector);
    root = found && (await firstShown(found));
  }
  return root === null ? null : found;
}

async function findAll(root: PageObject, contextId: number, selector: string): Promise<PageObject | null> {
  const [kind, text] = readSelector(selector);
  if (kind === 'aria') return await findByName(root, contextId, text);
  const { objectId, subtype } = await callOn(root, FIND_ALL, [kind, text]);
  // A selector that the browser does not understand finds an error.
  return objectId === undefined || subtype !== 'array' ? null : { session: root.session, objectId };
}

/** Elements by the name that assistive technology reads out, and their role where one is given. */
async function findByName(root: PageObject, contextId: number, text: string): Promise<PageObject | null> {
  const { session, objectId } = root;
  const [, name = '', role] = ARIA.exec(text) ?? [];
  const { nodes } = await session.send('Accessibility.queryAXTree', {
    objectId,
    accessibleName: name.replace(/\s+/g, ' ').trim(),
    ...(role === undefined ? {} : { role }),
  });
  const elements: string[] = [];
  for (const { ignored, role: found, backendDOMNodeId } of nodes) {
    if (ignored || backendDOMNodeId === undefined || TEXT_ROLES.has(String(found?.value))) continue;
    const { object } = await session.send('DOM.resolveNode', {
      backendNodeId: backendDOMNodeId,
      executionContextId: contextId,
    });
    if (object.objectId !== undefined) elements.push(object.objectId);
  }
  if (elements.length === 0) return null;
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: 'function (...elements) { return elements; }',
    arguments: elements.map((element) => ({ objectId: element })),
  });
  return result.objectId === undefined ? null : { session, objectId: result.objectId };
}

/** @see https://pptr.dev/guides/page-interactions#prefixed-selector-syntax */
function readSelector(selector: string): [SelectorKind, string] {
  const [, kind, text] = /^(aria|xpath|pierce|text)\/(.*)$/s.exec(selector) ?? [];
  return kind === undefined ? ['css', selector] : [kind as SelectorKind, text ?? ''];
}
