// Code that runs beside a page, in a world of our own where the page cannot redefine anything. It is text, because it
// must not share anything with ours.

/**
 * Function with the root to look in as `this`. Returns every element that a selector means, in document order.
 *
 * `css` and `xpath` look within the root, `pierce` through open shadow roots too, and `text` for the innermost elements
 * that contain a text, as a reader sees it.
 */
export const FIND_ALL = `function (kind, selector) {
  const root = this.shadowRoot ?? this;
  const deep = (node) => [...node.querySelectorAll('*')].flatMap((element) =>
    element.shadowRoot ? [element, ...deep(element.shadowRoot)] : [element]);
  const oneLine = (text) => text.replace(/\\s+/g, ' ').trim();
  if (kind === 'css') return [...root.querySelectorAll(selector)];
  if (kind === 'pierce') return deep(root).filter((element) => element.matches(selector));
  if (kind === 'xpath') {
    const found = document.evaluate(selector, root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    return Array.from({ length: found.snapshotLength }, (_, at) => found.snapshotItem(at))
      .filter((node) => node instanceof Element);
  }
  const wanted = oneLine(selector);
  const saysIt = (element) => {
    const isButton = element instanceof HTMLInputElement && /^(submit|button|reset)$/.test(element.type);
    return oneLine(isButton ? element.value : element.textContent ?? '').includes(wanted);
  };
  const saying = deep(root).filter((element) => !/^(SCRIPT|STYLE|HEAD|TITLE)$/.test(element.tagName) && saysIt(element));
  return saying.filter((element) => !saying.some((other) => other !== element && element.contains(other)));
}`;

/** Function with a list of elements as `this`. Returns the first one that is shown, else the first one, else null. */
export const FIRST_SHOWN = `function () {
  return this.find((element) => element.getClientRects().length > 0) ?? this[0] ?? null;
}`;

/** Function with a list of elements as `this`. Returns how many of them are as a step wants them. */
export const COUNT_FITTING = `function (visible, attributes, properties) {
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const has = (value, wanted) => typeof wanted === 'object' && wanted !== null
    ? value !== null && typeof value === 'object' && Object.keys(wanted).every((key) => has(value[key], wanted[key]))
    : value === wanted;
  return this.filter((element) =>
    (visible === null || isShown(element) === visible) &&
    Object.entries(attributes).every(([name, value]) => element.getAttribute(name) === value) &&
    has(element, properties)).length;
}`;

/**
 * Function with an element as `this`. Makes it ready for typing and returns `type`, or gives it the value and returns
 * `done` where nobody types, or `unfit` when it takes no value.
 */
export const TAKE_VALUE = `function (value) {
  const tell = () => {
    this.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    this.dispatchEvent(new Event('change', { bubbles: true }));
    return 'done';
  };
  this.focus?.();
  if (this instanceof HTMLSelectElement) {
    this.value = value;
    return this.value === value ? tell() : 'unfit';
  }
  const typed = /^(text|password|email|search|tel|url|number)$/;
  if (this instanceof HTMLTextAreaElement || (this instanceof HTMLInputElement && typed.test(this.type))) {
    if (this.disabled || this.readOnly) return 'unfit';
    this.select();
    return 'type';
  }
  if (this instanceof HTMLInputElement) {
    this.value = value;
    return tell();
  }
  if (!this.isContentEditable) return 'unfit';
  getSelection().selectAllChildren(this);
  return 'type';
}`;
