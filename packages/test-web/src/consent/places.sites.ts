import { html } from '../answers.ts';
import { bannerHtml, CHOICE_SCRIPT, consentSite, KEEPS_ITS_WORD, type ConsentSite } from './consent-site.ts';

const FRAME_STYLE = 'position:fixed;bottom:0;left:0;width:100%;height:160px;border:0;background:#eee';
const BANNER = bannerHtml('Accept all cookies', 'Reject all');
/** A frame tells the page around it what was chosen. */
const TELL = `
  for (const choice of ['accept', 'reject'])
    document.getElementById(choice).addEventListener('click', () => parent.postMessage(choice, '*'));
`;
const LISTEN = `${CHOICE_SCRIPT}
  if (chosen()) document.querySelector('iframe').remove();
  addEventListener('message', ({ data }) => {
    choose(data);
    document.querySelector('iframe')?.remove();
  });
`;
const GOOD = {
  found: true,
  accept: 'taken',
  reject: 'taken',
  bannerAfterReload: false,
  cookies: KEEPS_ITS_WORD,
} as const;

function framedSite(
  name: string,
  summary: string,
  frameHost: string,
  place: 'same_origin_frame' | 'cross_origin_frame',
): ConsentSite {
  const content = `<iframe src="https://${frameHost}/${name}/banner" style="${FRAME_STYLE}"></iframe>`;
  const routes = { [`${frameHost}/${name}/banner`]: html(`${BANNER}<script>${TELL}</script>`) };
  return consentSite(name, summary, { content, script: LISTEN, routes }, { ...GOOD, place });
}

function shadowSite(mode: 'open' | 'closed'): ConsentSite {
  const script = `${CHOICE_SCRIPT}
    if (!chosen()) {
      const root = document.getElementById('host').attachShadow({ mode: '${mode}' });
      root.innerHTML = ${JSON.stringify(BANNER)};
      wire(root);
      for (const button of root.querySelectorAll('button')) button.addEventListener('click', () => root.host.remove());
    }`;
  const content = '<consent-host id="host"></consent-host>';
  const name = `consent-${mode}-shadow`;
  if (mode === 'open')
    return consentSite(
      name,
      'A banner in an open shadow root',
      { content, script },
      { ...GOOD, place: 'open_shadow_root' },
    );
  return consentSite(
    name,
    'A banner in a closed shadow root, which only a visitor can reach',
    { content, script },
    {
      ...{
        found: true,
        place: 'closed_shadow_root',
        accept: 'not_operable',
        reject: 'not_operable',
        cookies: {},
      },
    },
  );
}

/** Banners in every place where a visitor may meet one. */
export const consentPlaces: readonly ConsentSite[] = [
  consentSite(
    'consent-document',
    'A banner in the document',
    { content: BANNER },
    { ...GOOD, place: 'document', kind: 'choice' },
  ),
  framedSite(
    'consent-same-origin-frame',
    'A banner in a frame of the same origin',
    'consent-same-origin-frame.test',
    'same_origin_frame',
  ),
  framedSite(
    'consent-cross-origin-frame',
    'A banner in a frame of another site',
    'cmp-frames.test',
    'cross_origin_frame',
  ),
  shadowSite('open'),
  shadowSite('closed'),
];
