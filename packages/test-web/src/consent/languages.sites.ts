import { bannerHtml, consentSite, KEEPS_ITS_WORD, type ConsentSite } from './consent-site.ts';

/** Words of real banners: language, prose, agreement, refusal. */
const BANNERS: readonly (readonly [string, string, string, string])[] = [
  [
    'de',
    'Wir und unsere Partner verwenden Cookies.',
    '✅ Alle&nbsp;akzeptieren',
    'Nur<br>notwendige\n Cookies akzeptieren',
  ],
  ['fr', 'Nous respectons votre vie privée.', 'Tout accepter', 'Continuer sans accepter →'],
  ['es', 'Usamos cookies propias y de terceros.', 'Aceptar todo', 'Rechazar todo'],
  ['it', 'Questo sito usa i cookie.', 'Accetta tutti', 'Rifiuta'],
  ['pt', 'Utilizamos cookies para melhorar a sua experiência.', 'Aceitar todos', 'Rejeitar todos'],
  ['nl', 'Wij gebruiken cookies.', 'Alles accepteren', 'Weigeren'],
  ['pl', 'Używamy plików cookie.', 'Zgadzam się', 'Nie zgadzam się'],
  ['sv', 'Vi använder kakor.', 'Godkänn alla', 'Endast nödvändiga'],
  ['da', 'Vi bruger cookies.', 'Tillad alle', 'Afvis alle'],
  ['fi', 'Käytämme evästeitä.', 'Hyväksy kaikki', 'Vain välttämättömät'],
  ['cs', 'Používáme soubory cookies.', 'Přijmout vše', 'Odmítnout vše'],
  ['hu', 'Ez az oldal sütiket használ.', 'Összes elfogadása', 'Összes elutasítása'],
  ['ro', 'Folosim module cookie.', 'Acceptă toate', 'Refuză toate'],
  ['el', 'Χρησιμοποιούμε cookies.', 'Αποδοχή όλων', 'Απόρριψη όλων'],
];

/** The same banner in the languages of Europe. None of them is known to any list of consent managers. */
export const consentLanguages: readonly ConsentSite[] = BANNERS.map(([language, prose, accept, reject]) =>
  consentSite(
    `consent-in-${language}`,
    `A hand-made banner in the language ${language}`,
    { content: bannerHtml(accept, reject, prose) },
    {
      found: true,
      kind: 'choice',
      accept: 'taken',
      reject: 'taken',
      rejectPurposes: ['reject'],
      cookies: KEEPS_ITS_WORD,
    },
  ),
);
