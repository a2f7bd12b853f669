// Code that runs in a world of our own inside pages, before autoconsent does.
import { CONSENT_WORDS } from './consent-words.ts';
import { labelPurpose, plainLabel } from './label-purpose.ts';

/**
 * Expression that reports everything autoconsent presses, and keeps it from pressing what agrees when it was told to
 * refuse: its rules are written by many people, and some refuse by agreeing to little.
 *
 * @param binding - function of this world that carries messages to us
 */
export function guardSource(binding: string): string {
  return `(() => {
  'use strict';
  if (globalThis.autoconsentSendMessage) return;
  const send = globalThis[${JSON.stringify(binding)}];
  const plainLabel = ${plainLabel.toString()};
  const labelPurpose = ${labelPurpose.toString()};
  const WORDS = ${JSON.stringify(CONSENT_WORDS)};
  globalThis.cookieScannerMayAccept = false;
  globalThis.autoconsentSendMessage = (message) => Promise.resolve(send(JSON.stringify(message)));
  const { click } = HTMLElement.prototype;
  HTMLElement.prototype.click = function () {
    const label = (this.innerText || this.value || this.getAttribute('aria-label') || this.title || '').trim().slice(0, 200);
    const agrees = ['accept', 'acknowledge', 'pay'].includes(labelPurpose(label, WORDS));
    // What is ticked or chosen has a label that names a purpose, and not what a press would do.
    const isTick = this.matches('input[type="checkbox"],input[type="radio"],[role="switch"],[role="checkbox"],label');
    if (agrees && !isTick && !globalThis.cookieScannerMayAccept) return;
    const selector = this.id ? '#' + CSS.escape(this.id) : this.localName + [...this.classList].slice(0, 3).map((name) => '.' + CSS.escape(name)).join('');
    send(JSON.stringify({ type: 'pressed', text: label, selector }));
    click.call(this);
  };
})()`;
}
