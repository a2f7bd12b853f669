import { html } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, truth } from '../truth-builders.ts';

const PAGE = 'https://same-origin-frames.test/';
const CHILD = 'https://same-origin-frames.test/child';
const domain = 'same-origin-frames.test';

const PAGE_SCRIPT = `
  const blank = document.createElement('iframe');
  document.body.append(blank);
  const code = "document.cookie = 'in_blank=2; Path=/'";
  blank.contentDocument.write('<script>' + code + '</' + 'script>');
  blank.contentDocument.close();
`;

/** Frames that share the page's cookies, two of them without an address of their own. */
export const sameOriginFrames: Site = {
  name: 'same-origin-frames',
  url: PAGE,
  summary: 'Scripts in srcdoc, about:blank and ordinary same-origin frames set cookies of the page',
  routes: {
    'same-origin-frames.test/': html(
      `<h1>Frames</h1><iframe srcdoc="<script>document.cookie = 'in_srcdoc=1; Path=/'</script>"></iframe>` +
        `<iframe src="/child"></iframe><script>${PAGE_SCRIPT}</script>`,
    ),
    'same-origin-frames.test/child': html("<script>document.cookie = 'in_child=3; Path=/';</script>", {
      setCookie: ['of_child=4; Path=/; HttpOnly'],
    }),
  },
  truth: truth(PAGE, {
    cookies: [
      // Chromium names such a script by its frame or by the page that wrote it; both lead to the culprit.
      cookie({
        name: 'in_srcdoc',
        value: '1',
        domain,
        setBy: byScript(/^(about:srcdoc|https:\/\/same-origin-frames\.test\/)$/),
      }),
      cookie({
        name: 'in_blank',
        value: '2',
        domain,
        setBy: byScript(/^(about:blank|https:\/\/same-origin-frames\.test\/)$/),
      }),
      cookie({ name: 'in_child', value: '3', domain, setBy: byScript(CHILD) }),
      cookie({ name: 'of_child', value: '4', domain, setBy: byHttp(CHILD), httpOnly: true }),
    ],
  }),
};
