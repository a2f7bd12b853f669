import type { MailFact } from './message.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A mail as a document that mail programs show alike: one column, inline styles, nothing from elsewhere. */
export function htmlMail(headline: string, facts: readonly MailFact[]): string {
  const rows = facts.map(
    ({ label, text, href }) =>
      `<tr><td style="padding:4px 16px 4px 0;color:#566375;vertical-align:top;white-space:nowrap">${escaped(label)}</td>` +
      `<td style="padding:4px 0;word-break:break-word">${href === null ? escaped(text) : link(href, text)}</td></tr>`,
  );
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Cookie scan</title></head>',
    '<body style="margin:0;padding:24px;font:15px/1.5 system-ui,-apple-system,\'Segoe UI\',Roboto,Arial,sans-serif">',
    `<h1 style="margin:0 0 16px;max-width:36em;font-size:19px;line-height:1.4">${escaped(headline)}</h1>`,
    `<table style="border-collapse:collapse;font-size:14px">${rows.join('\n')}</table>`,
    '</body></html>',
    '',
  ].join('\n');
}

function link(href: string, text: string): string {
  return `<a href="${escaped(href)}">${escaped(text)}</a>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
