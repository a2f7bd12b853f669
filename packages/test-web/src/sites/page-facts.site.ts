import { html } from '../answers.ts';
import type { Site } from '../site.ts';
import { truth } from '../truth-builders.ts';

const PAGE = 'https://page-facts.test/';

/** A page that says much of itself, and whose elements stand where scripts would look for parts of the document. */
export const pageFacts: Site = {
  name: 'page-facts',
  url: PAGE,
  summary: 'Headers, language, generator and mixed content; elements take the names of what a document has',
  routes: {
    'page-facts.test/': html(
      `<h1>Facts</h1><img name="scripts" alt=""><form name="querySelector"></form><form name="documentElement"></form>
       <script>document.getElementsByTagName = () => [];</script>
       <iframe src="/frame"></iframe><img src="http://mixed.page-facts.test/picture.png" alt="">`,
      {
        title: 'Facts &amp; figures',
        head: '<meta name="Generator" content="Handmade 1.0">',
        headers: {
          'content-security-policy': "upgrade-insecure-requests-not; default-src * 'unsafe-inline'",
          'strict-transport-security': 'max-age=600',
          'permissions-policy': 'geolocation=()',
          'referrer-policy': 'no-referrer',
          'x-unknown': 'not told',
        },
      },
    ),
    'page-facts.test/frame': html('<iframe srcdoc="<p>inner</p>"></iframe>'),
  },
  truth: truth(PAGE),
};
