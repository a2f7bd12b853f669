/** Base64 of a text that stands somewhere within another one needs this much to be told apart. */
const BASE64_CHARACTERS_MIN = 8;

/**
 * The forms in which a text travels: as it is, in addresses and forms (twice encoded too, as in an address within an
 * address), in JSON, in HTML, in hexadecimal and in base64, be it alone or within a longer text. A site that wants to
 * can always find another one.
 */
export function secretForms(secret: string): Set<string> {
  const text = secret.toWellFormed();
  const once = [text, ...addressForms(text), jsonForm(text), htmlForm(text)];
  return new Set([
    ...once,
    ...once.flatMap(addressForms),
    ...once.map(jsonForm),
    Buffer.from(text).toString('hex'),
    ...[text, jsonForm(text), encodeURIComponent(text)].flatMap(base64Forms),
  ]);
}

function addressForms(text: string): string[] {
  const component = encodeURIComponent(text);
  return [
    component,
    encodeURI(text),
    // Forms write a blank as a plus, and encode what addresses leave alone.
    new URLSearchParams({ '': text }).toString().slice(1),
    // Browsers leave more alone than `encodeURI` does, and encode the apostrophe.
    component.replaceAll("'", '%27'),
  ];
}

function jsonForm(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function htmlForm(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Three bytes make four characters, so where a text begins within another decides what becomes of it. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  const within = [0, 1, 2].map((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const firstWhole = Math.ceil((before * 8) / 6);
    const lastWhole = Math.floor((padded.length * 8) / 6);
    return padded.toString('base64').slice(firstWhole, lastWhole);
  });
  return within
    .filter(({ length }) => length >= BASE64_CHARACTERS_MIN)
    .flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(form)]);
}
