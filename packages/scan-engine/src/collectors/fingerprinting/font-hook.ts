import { FONTS_MIN, KNOWN_MAX } from './hook-basics.ts';

/** Part of the fingerprinting hook: which fonts a page draws, measures or asks for. */
export const FONT_HOOK = `
  // Fonts: which ones a page draws or measures texts in.
  const fonts = dictionary();
  let fontCount = 0;
  const noteFont = (font, api) => {
    if (fonts[font] || fontCount >= ${KNOWN_MAX}) return;
    fonts[font] = true;
    fontCount += 1;
    newFonts += 1;
    if (newFonts >= ${FONTS_MIN}) note(api);
  };
  const hasAttribute = nativeOf(global.Element?.prototype, 'hasAttribute', 'value');
  const styleOf = nativeOf(global.HTMLElement?.prototype, 'style', 'get');
  const propertyOf = nativeOf(global.CSSStyleDeclaration?.prototype, 'getPropertyValue', 'value');
  const measuring = (api) => (native, self, args) => {
    const result = apply(native, self, args);
    try {
      if (call(hasAttribute, self, 'style')) {
        const font = call(propertyOf, call(styleOf, self), 'font-family');
        if (font !== '') noteFont(font, api);
      }
    } catch {}
    return result;
  };
  wrap(global.HTMLElement?.prototype, 'offsetWidth', 'get', measuring('HTMLElement.offsetWidth'));
  wrap(global.HTMLElement?.prototype, 'offsetHeight', 'get', measuring('HTMLElement.offsetHeight'));
  wrap(global.Element?.prototype, 'getBoundingClientRect', 'value', measuring('Element.getBoundingClientRect'));
  wrap(global.FontFaceSet?.prototype, 'check', 'value', (native, self, args) => {
    const result = apply(native, self, args);
    note('FontFaceSet.check');
    if (typeof args[0] === 'string') noteFont(args[0], 'FontFaceSet.check');
    return result;
  });
`;
