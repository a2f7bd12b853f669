import { body, html, pixel, script } from '../answers.ts';
import type { Site } from '../site.ts';
import { byHttp, byScript, cookie, storage, truth } from '../truth-builders.ts';

const DOMAIN = 'xslt-document.test';
const PAGE = `https://${DOMAIN}/`;

const STYLE = `
  <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
    <xsl:output method="html"/>
    <xsl:template match="/"><html><head><title>Made by a style sheet</title><script src="/library.js"/></head><body>
      <h1>Made by a style sheet</h1><img src="/image.gif" alt=""/><iframe src="/frame"/>
      <script>
        document.cookie = "inline=1; Path=/";
        localStorage.property = "1";
        setTimeout(function () { document.cookie = "late=1; Path=/"; }, 4000);
        addEventListener("mousemove", function () { document.cookie = "moved=1; Path=/"; });
        addEventListener("pagehide", function () { navigator.sendBeacon("/farewell"); });
      </script>
    </body></html></xsl:template>
  </xsl:stylesheet>`;

const own = (name: string, setBy: ReturnType<typeof byScript>): Parameters<typeof cookie>[0] => ({
  ...{ name, value: '1', domain: DOMAIN, setBy },
});

/** A page that is XML and becomes HTML only in the browser, by a style sheet of its own. */
export const xsltDocument: Site = {
  name: 'xslt-document',
  url: PAGE,
  summary:
    'An XML document that XSLT turns into a page: its style sheet, what that brings in, and its scripts',
  routes: {
    [`${DOMAIN}/`]: body(
      'text/xml',
      '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/style.xsl"?><page/>',
      { setCookie: ['document=1; Path=/'] },
    ),
    [`${DOMAIN}/style.xsl`]: body('text/xsl', STYLE.trim(), { setCookie: ['style=1; Path=/'] }),
    [`${DOMAIN}/library.js`]: script('document.cookie = "library=1; Path=/"'),
    [`${DOMAIN}/image.gif`]: pixel(['image=1; Path=/']),
    [`${DOMAIN}/frame`]: html('<script>document.cookie = "framed=1; Path=/"</script>'),
    [`${DOMAIN}/farewell`]: body('text/plain', '', { setCookie: ['farewell=1; Path=/'] }),
  },
  truth: truth(PAGE, {
    cookies: [
      cookie(own('document', byHttp(PAGE))),
      cookie(own('style', byHttp(`${PAGE}style.xsl`, [PAGE]))),
      cookie(own('library', byScript(`${PAGE}library.js`, [PAGE]))),
      cookie(own('image', byHttp(`${PAGE}image.gif`, [PAGE]))),
      cookie(own('framed', byScript(`${PAGE}frame`, [PAGE]))),
      cookie(own('inline', byScript(PAGE))),
      cookie({ ...own('late', byScript(PAGE)), ratherNeeds: ['late-timer'] }),
      cookie({ ...own('moved', byScript(PAGE)), ratherNeeds: ['interaction'] }),
      cookie({ ...own('farewell', byHttp(`${PAGE}farewell`, [PAGE])), ratherNeeds: ['leave'] }),
    ],
    storage: storage('local', `https://${DOMAIN}`, ['property'], { setBy: byScript(PAGE) }),
  }),
};
