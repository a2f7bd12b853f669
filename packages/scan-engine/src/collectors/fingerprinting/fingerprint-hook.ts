import { HOOK_SOURCE_URL } from '../write-hook.ts';
import { CANVAS_HOOK } from './canvas-hook.ts';
import { COUNTING_HOOK } from './counted-apis.ts';
import { FONT_HOOK } from './font-hook.ts';
import { HOOK_BASICS } from './hook-basics.ts';
import { WEBGL_HOOK } from './webgl-hook.ts';

// Code that runs inside pages, before any of theirs. It is text, because it must not share anything with ours.

/**
 * Script that counts calls by which a page can tell one browser from another, and reports them as the hook on writes
 * does: through `console.debug`, whose call stack no page can forge, with a token that no page can learn.
 */
export function fingerprintHookSource(token: string): string {
  return `(() => {
  'use strict';
  const token = ${JSON.stringify(token)};
${HOOK_BASICS}${COUNTING_HOOK}${FONT_HOOK}${CANVAS_HOOK}${WEBGL_HOOK}
})();
//# sourceURL=${HOOK_SOURCE_URL}`;
}
