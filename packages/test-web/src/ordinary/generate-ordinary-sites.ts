import { html, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { truth } from '../truth-builders.ts';
import { addApiCall, addApp, addDocumentCookies, addImage, addStyle } from './own-ingredients.ts';
import { addFrame, addPartnerScript, addPixel, addSyncPixel } from './partner-ingredients.ts';
import { SiteDraft } from './site-draft.ts';

/** Resources a page loads besides itself. */
const RESOURCES = { min: 12, max: 40 };

/**
 * Makes up ordinary sites, with their exact truth: 12 to 40 resources each, 5 to 80 ms of server think time per
 * response, several third parties, cookies by responses and scripts, some of them up to 20 s late.
 *
 * The same seed gives the same sites; sites of different seeds share no host.
 */
export function generateOrdinarySites(count: number, seed: number): Site[] {
  return Array.from({ length: count }, (_, index) => ordinarySite(seed, index));
}

function ordinarySite(seed: number, index: number): Site {
  const draft = new SiteDraft(seed, index);
  const { random, host, url } = draft;
  const resourceTarget = random.integer(RESOURCES.min, RESOURCES.max);

  addDocumentCookies(draft);
  repeat(random.integer(1, 3), () => addStyle(draft));
  repeat(random.integer(1, 2), () => addPartnerScript(draft));
  repeat(random.integer(1, 2), () => addPixel(draft));
  if (random.chance(0.4)) addSyncPixel(draft);
  if (random.chance(0.4)) addFrame(draft);
  repeat(random.integer(0, 1), () => addApiCall(draft));
  addApp(draft, (code) => {
    const app = draft.own('app.js', script(code));
    draft.head.push(`<script defer src="${app}"></script>`);
    return app;
  });
  while (draft.resourceCount < resourceTarget) addImage(draft);

  const page = html(`<h1>Ordinary shop ${index}</h1>${draft.content.join('\n')}`, {
    title: `Ordinary shop ${index}`,
    head: draft.head.join('\n'),
    setCookie: draft.documentCookies,
  });
  return {
    name: `ordinary-${seed}-${index}`,
    url,
    summary: `A made-up shop that loads ${draft.resourceCount} resources and sets ${draft.cookies.length} cookies`,
    routes: { ...draft.routes, [`${host}/`]: draft.thinking(page) },
    truth: truth(url, { cookies: draft.cookies, storage: draft.storage }),
  };
}

function repeat(times: number, work: () => void): void {
  for (let n = 0; n < times; n += 1) work();
}
