// Code that runs in a world of our own inside pages. It is text, because it must not share anything with ours.

const NAME =
  /^(cookie[ -]?name|name|cookie|cookies|nom|nombre|nome|nazwa|naam|namn|navn|nimi|název|názov|név|nume|όνομα|име|naziv|ime|çerez adı|bezeichnung)( |$|\(|\/)/;
const CATEGORY =
  /categor|kategor|catég|type|typ\b|tipo|rodzaj|art\b|soort|purpose|zweck|finalit|finalid|cel\b|doel|syfte|formål|účel|scopo|finalità/;
const LIFETIME =
  /expir|duration|durée|dauer|laufzeit|ablauf|gültig|lifetime|lifespan|duraci|durata|duração|validade|retention|okres|czas|bewaar|looptijd|lagring|varighet|varighed|udløb|platnost|doba|speicher|conservation|caduc|scadenza|validit/;
const VENDOR =
  /provider|anbieter|vendor|fournisseur|proveedor|fornitore|fornecedor|dostawca|aanbieder|leverant|udbyder|host|party|source|herkunft|service|set by|domain|domäne|domaine|dominio/;

/**
 * Expression that finds the page most likely to describe the site's cookies, by the links of the page that is shown;
 * its value is an address or null.
 */
export const FIND_POLICY_LINK = `(() => {
  const score = ({ href, innerText }) => {
    const text = (innerText ?? '').toLowerCase();
    if (text.length > 80 || !/^https?:/.test(href)) return 0;
    return (/cookie/.test(text) ? 3 : 0) + (/cookie/i.test(href) ? 3 : 0) +
      (/polic|erklärung|hinweis|richtlinie|politi|politique|informa|verklaring|declara|notice|statement/.test(text) ? 1 : 0) +
      (/privacy|datenschutz|confidential|privacid|prywatno|integritet|personvern/.test(text + href.toLowerCase()) ? 2 : 0);
  };
  const links = [...document.links].slice(0, 2_000).filter(({ href }) => href.split('#')[0] !== location.href.split('#')[0]);
  const best = links.map((link) => ({ href: link.href, points: score(link) })).sort((one, other) => other.points - one.points)[0];
  return best && best.points >= 2 ? best.href : null;
})()`;

/** Expression that reads cookie tables in a document, or in text that is parsed and never run. */
export function readTablesExpression(html: string | null): string {
  return `(() => {
  const page = ${html === null ? 'document' : `new DOMParser().parseFromString(${JSON.stringify(html)}, 'text/html')`};
  const NAME = ${NAME.toString()}, CATEGORY = ${CATEGORY.toString()}, LIFETIME = ${LIFETIME.toString()}, VENDOR = ${VENDOR.toString()};
  const text = (cell) => (cell?.textContent ?? '').replace(/\\s+/g, ' ').trim().slice(0, 300);
  const found = [];
  for (const table of [...page.querySelectorAll('table')].slice(0, 200)) {
    const [head, ...rows] = [...table.rows].slice(0, 500);
    if (!head || rows.length === 0) continue;
    const titles = [...head.cells].map((cell) => text(cell).toLowerCase());
    const column = (pattern, except) => titles.findIndex((title, index) => pattern.test(title) && index !== except);
    const name = column(NAME, -1);
    const lifetime = column(LIFETIME, name);
    const category = column(CATEGORY, name);
    const vendor = column(VENDOR, name);
    const about = titles.join(' ') + ' ' + text(table.caption) + ' ' + text(table.previousElementSibling);
    if (name === -1 || (lifetime === -1 && !/cookie/i.test(about))) continue;
    const heading = (() => {
      for (let at = table; at; at = at.parentElement)
        for (let before = at.previousElementSibling; before; before = before.previousElementSibling)
          if (/^H[1-6]$/.test(before.tagName)) return text(before);
      return null;
    })();
    for (const { cells } of rows) {
      const names = text(cells[name]).split(/[,;]|\\s+\\/\\s+/).map((each) => each.trim()).filter((each) => /^[^\\s]{1,100}$/.test(each));
      for (const each of names) {
        if (found.length >= 500) return found;
        found.push({
          name: each, domain: null,
          category: category === -1 ? heading : text(cells[category]) || heading,
          lifetimeText: lifetime === -1 ? null : text(cells[lifetime]) || null,
          vendor: vendor === -1 ? null : text(cells[vendor]) || null,
        });
      }
    }
  }
  return found;
})()`;
}
