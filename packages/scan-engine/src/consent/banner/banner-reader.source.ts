// Code that runs in a world of our own inside pages. It is text, because it must not share anything with ours.
import { CONSENT_VOCABULARY, CONSENT_WORDS, NECESSARY_WORDS } from './consent-words.ts';
import { labelPurpose, plainLabel } from './label-purpose.ts';

/** What the reader calls itself in its world. */
const READER = 'cookieScannerReader';

/** Where consent managers let a visitor come back to the choice, beside links that say so in words. */
const WAY_BACK = [
  ...['.ot-sdk-show-settings', '#ot-sdk-btn', '.ot-floating-button__open', '.cky-btn-revisit', '.cc-revoke'],
  ...[
    '#CookiebotWidget',
    '[data-cc="show-preferencesModal"]',
    '[data-cc="c-settings"]',
    '.cmplz-manage-consent',
  ],
  ...[
    '.termly-display-preferences',
    '.iubenda-cs-preferences-link',
    '.iubenda-tp-btn',
    '.borlabs-cookie-preference',
  ],
  ...['.qc-cmp2-persistent-link', '#tarteaucitronIcon', '#axeptio_btn_acceptAll ~ button', '#teconsent a'],
  ...['.cookiefirst-widget', '#csconsentlink', '#uc-privacy-button', '.cc-floating-settings'],
].join(',');

/**
 * Expression that reads banners in a document and its open shadow roots, and presses what it found. It uses the
 * document, which pages can change, and built-ins of its own world, which they cannot.
 */
export const BANNER_READER = `(() => {
  'use strict';
  if (globalThis.${READER}) return;
  const WORDS = ${JSON.stringify(CONSENT_WORDS)};
  const VOCABULARY = ${CONSENT_VOCABULARY.toString()};
  const NECESSARY = ${NECESSARY_WORDS.toString()}i;
  const WAY_BACK = ${JSON.stringify(WAY_BACK)};
  const ELEMENTS_MAX = 40_000;
  const CLICKABLE = 'button,a,input[type="button"],input[type="submit"],summary,[role="button"],[role="link"],[onclick]';
  const NAMED = /cookie|consent|gdpr|cmp|privacy|ccpa|notice|banner/i;
  const plainLabel = ${plainLabel.toString()};
  const labelPurpose = ${labelPurpose.toString()};
  const oneLine = (text) => (text ?? '').replace(/[\\s\\u00a0]+/g, ' ').trim();
  const speaksOfConsent = (text) => VOCABULARY.test(text.toLowerCase());

  let all = [];
  let hosts = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (all.length >= ELEMENTS_MAX) return;
      all.push(element);
      if (!element.shadowRoot) continue;
      hosts.push(element);
      walk(element.shadowRoot);
    }
  };
  const parentOf = (element) =>
    element.assignedSlot ?? element.parentElement ??
    (element.getRootNode() instanceof ShadowRoot ? element.getRootNode().host : null);
  const isWithin = (element, ancestor) => {
    for (let at = element; at; at = parentOf(at)) if (at === ancestor) return true;
    return false;
  };
  const isVisible = (element) => {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }))
      return false;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return false;
    for (let at = element; at; at = parentOf(at)) {
      const { position, clip, clipPath } = getComputedStyle(at);
      if (clip === 'rect(0px, 0px, 0px, 0px)' || clipPath === 'inset(100%)' || clipPath === 'inset(50%)') return false;
      if (position !== 'fixed') continue;
      return box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
    }
    return box.right + scrollX > 0 && box.bottom + scrollY > 0;
  };
  const labelOf = (element) => {
    const shadow = element.shadowRoot ? [...element.shadowRoot.children].map((child) => child.innerText ?? '').join(' ') : '';
    const shown = oneLine((element.innerText ?? '') + ' ' + shadow);
    if (shown !== '') return shown;
    const image = element.querySelector('img[alt],svg title');
    return oneLine(element.value || element.getAttribute('aria-label') || element.title || image?.alt || image?.textContent);
  };
  let texts = new Map();
  let proses = new Map();
  const kept = (map, element, make) => {
    if (!map.has(element)) map.set(element, make(element));
    return map.get(element);
  };
  const textOf = (element) => kept(texts, element, () => {
    const inner = hosts.filter((host) => isWithin(host, element))
      .flatMap((host) => [...host.shadowRoot.children].map((child) => child.innerText ?? ''));
    return oneLine([element.innerText ?? '', ...inner].join(' '));
  });
  const isOverlay = (element) =>
    element.matches('dialog,[role="dialog"],[role="alertdialog"],[aria-modal="true"]') ||
    ['fixed', 'sticky'].includes(getComputedStyle(element).position);
  const isNamed = (element) => NAMED.test(element.id + ' ' + (element.getAttribute('class') ?? '') + ' ' + element.localName);

  const findClickables = () => {
    const found = [];
    for (const element of all) {
      const known = element.matches(CLICKABLE);
      if (!known) {
        // A plain element that shows a hand and whose surroundings do not listens to clicks itself.
        if (element.childElementCount > 2 || (element.textContent ?? '').length > 60 || !(element instanceof HTMLElement)) continue;
        if (getComputedStyle(element).cursor !== 'pointer') continue;
        const parent = parentOf(element);
        if (!parent || getComputedStyle(parent).cursor === 'pointer') continue;
      }
      if (!isVisible(element)) continue;
      const label = labelOf(element);
      if (label.length <= 150) found.push({ element, label, purpose: labelPurpose(label, WORDS) });
    }
    return found.filter(({ element }, index) =>
      !found.some((other, at) => at !== index && other.element !== element && isWithin(element, other.element)));
  };

  const labels = (clickables, element) =>
    clickables.filter((each) => each.purpose && isWithin(each.element, element)).map(({ label }) => label);
  const proseOf = (clickables, element) => kept(proses, element, () =>
    labels(clickables, element).reduce((text, label) => text.replace(label, ' '), textOf(element)));
  /** The banner around something that can be pressed: what speaks of consent beside what its buttons say. */
  const containerOf = (clickables, clickable) => {
    const isInside = window !== top;
    let found = null;
    for (let at = parentOf(clickable.element); at && at !== document.documentElement; at = parentOf(at)) {
      const text = textOf(at);
      if (text.length > 8_000) break;
      // On a page of its own only what stands beside a short text is a banner without a frame around it.
      if (at === document.body && !isInside && (found || parentOf(clickable.element) !== at || text.length > 600)) break;
      const prose = proseOf(clickables, at);
      if (found ? isOverlay(at) || isNamed(at) : prose.length >= 12 && speaksOfConsent(prose)) {
        if (at === document.body && found) break;
        found = at;
      }
    }
    if (!found) return null;
    const text = textOf(found);
    return isOverlay(found) || isNamed(found) || isInside || text.length < 1_500 ? found : null;
  };

  const colourIsSeen = (colour) => !/^rgba\\(.*, 0\\)$|^transparent$/.test(colour);
  const looksLikeButton = (element) => {
    const style = getComputedStyle(element);
    return colourIsSeen(style.backgroundColor) || style.backgroundImage !== 'none' ||
      (style.borderTopStyle !== 'none' && parseFloat(style.borderTopWidth) > 0 && colourIsSeen(style.borderTopColor));
  };
  const selectorOf = (element) => {
    const steps = [];
    for (let at = element; at && steps.length < 6; at = at.parentElement) {
      if (at.id) {
        steps.unshift('#' + CSS.escape(at.id));
        break;
      }
      const alike = at.parentElement ? [...at.parentElement.children].filter(({ localName }) => localName === at.localName) : [];
      steps.unshift(CSS.escape(at.localName) + (alike.length > 1 ? ':nth-of-type(' + (alike.indexOf(at) + 1) + ')' : ''));
    }
    const root = element.getRootNode();
    return (root instanceof ShadowRoot ? selectorOf(root.host) + ' >>> ' : '') + steps.join(' > ');
  };

  const TICKED = 'input[type="checkbox"]:checked,[role="switch"][aria-checked="true"],[role="checkbox"][aria-checked="true"]';
  const labelOfTick = (element) => {
    const named = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => element.getRootNode().getElementById?.(id)?.innerText ?? '').join(' ');
    const around = element.closest('label')?.innerText ?? [...(element.labels ?? [])].map(({ innerText }) => innerText).join(' ');
    let beside = '';
    for (let at = element.parentElement, up = 0; at && up < 4 && oneLine(beside) === ''; at = at.parentElement, up += 1) beside = at.innerText ?? '';
    const text = [around, named, element.getAttribute('aria-label') ?? '', beside, element.name ?? '', element.id].map(oneLine).find((each) => each !== '');
    return (text ?? '').slice(0, 120);
  };
  const ticksOf = (container) =>
    all.filter((element) => element.matches(TICKED) && isWithin(element, container))
      .filter((element) => !element.disabled && !element.readOnly && element.getAttribute('aria-disabled') !== 'true')
      .map((element) => ({ element, label: labelOfTick(element) }))
      .filter(({ element, label }) => !NECESSARY.test(label + ' ' + element.id + ' ' + (element.name ?? '') + ' ' + (element.value ?? '')));

  const SCORES = { accept: 3, reject: 3, pay: 2, acknowledge: 2, save: 2, settings: 1, withdraw: 1, close: 0 };
  let pressable = [];
  let ticks = [];
  const describe = ({ element, label, purpose }) => {
    const { width, height } = element.getBoundingClientRect();
    const index = pressable.push(element) - 1;
    return { index, purpose, text: label.slice(0, 200), selector: selectorOf(element).slice(0, 400),
      widthPx: Math.round(width), heightPx: Math.round(height), looksLikeButton: looksLikeButton(element) };
  };

  const read = () => {
    all = [];
    hosts = [];
    pressable = [];
    ticks = [];
    if (!document.body || innerWidth < 60 || innerHeight < 20) return { banner: null, waysBack: [] };
    texts = new Map();
    proses = new Map();
    walk(document);
    if (!speaksOfConsent(textOf(document.body)) && !document.querySelector(WAY_BACK)) return { banner: null, waysBack: [] };
    const clickables = findClickables();
    const containers = new Map();
    for (const clickable of clickables) {
      if (clickable.label === '' && !clickable.purpose) continue;
      const container = containerOf(clickables, clickable);
      if (container) containers.set(container, [...(containers.get(container) ?? []), clickable]);
    }
    const candidates = [...containers].map(([container, inside]) => {
      const purposes = new Set(inside.flatMap(({ purpose }) => (purpose ? [purpose] : [])));
      const asks = ['accept', 'reject', 'pay', 'save'].some((purpose) => purposes.has(purpose));
      const overlay = isOverlay(container) || (window !== top && container === document.body);
      const stands = overlay || isNamed(container);
      const score = [...purposes].reduce((sum, purpose) => sum + SCORES[purpose], 0) + (overlay ? 3 : 0) + (stands ? 1 : 0);
      return { container, inside, score, asks: asks || (stands && ['acknowledge', 'close', 'settings'].some((purpose) => purposes.has(purpose))), overlay };
    }).filter(({ asks }) => asks).sort((one, other) => other.score - one.score);
    const [best] = candidates;
    const chosen = best?.container ?? null;
    const waysBack = clickables
      .filter(({ element }) => !chosen || !isWithin(element, chosen))
      .filter(({ element, label, purpose }) =>
        element.matches(WAY_BACK) || (purpose === 'withdraw' && speaksOfConsent(label + ' ' + (element.id ?? ''))) ||
        (purpose === 'withdraw' && plainLabel(label).split(' ').length <= 2) ||
        (purpose === 'settings' && speaksOfConsent(label)))
      .slice(0, 10).map((each) => describe({ ...each, purpose: each.purpose ?? 'settings' }));
    if (!best) return { banner: null, waysBack };
    ticks = ticksOf(chosen);
    const inShadow = chosen.getRootNode() instanceof ShadowRoot || best.inside.some(({ element }) => element.getRootNode() instanceof ShadowRoot);
    return {
      banner: {
        score: best.score,
        isOverlay: best.overlay,
        isInShadow: inShadow,
        text: textOf(chosen).slice(0, 2_000),
        choices: best.inside.filter(({ purpose }) => purpose).slice(0, 40).map(describe),
        preTicked: ticks.map(({ label }) => label).slice(0, 50),
      },
      waysBack,
    };
  };

  const press = (index) => {
    const element = pressable[index];
    if (!element?.isConnected) return false;
    const options = { bubbles: true, cancelable: true, composed: true, view: window };
    for (const [type, Kind] of [['pointerdown', PointerEvent], ['mousedown', MouseEvent], ['pointerup', PointerEvent], ['mouseup', MouseEvent]])
      element.dispatchEvent(new Kind(type, options));
    if (typeof element.click === 'function') element.click();
    else element.dispatchEvent(new MouseEvent('click', options));
    return true;
  };
  const untick = () => {
    for (const { element } of ticks) element.click();
    return ticks.length;
  };
  globalThis.${READER} = { read, press, untick };
})()`;

/** Expression that reads the document as it is now; its value is a `FrameReading`. */
export const READ_BANNER = `globalThis.${READER}.read()`;

/** Expression that presses what the last reading gave this index; false when it is gone. */
export function pressExpression(index: number): string {
  return `globalThis.${READER}.press(${index})`;
}

/** Expression that takes the ticks off everything optional that the last reading found ticked. */
export const UNTICK = `globalThis.${READER}.untick()`;
