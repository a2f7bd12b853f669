import type { CookieCategory } from '@cookie-scanner/contracts';

/** A category in words, in the order in which people want to read about them. */
export const CATEGORY_WORDS: Readonly<
  Record<CookieCategory, { readonly name: string; readonly meaning: string }>
> = {
  marketing: {
    name: 'Marketing',
    meaning: 'They recognise visitors for advertising, often across sites. They need consent.',
  },
  analytics: {
    name: 'Analytics',
    meaning:
      'They count visits and what visitors do. They need consent, with narrow exceptions in some countries.',
  },
  functional: {
    name: 'Functional',
    meaning:
      'They remember choices or add features that the visitor may not have asked for. Most need consent.',
  },
  unclassified: {
    name: 'Unclassified',
    meaning: 'Nobody knows well enough what they are for. Somebody should find out.',
  },
  necessary: {
    name: 'Necessary',
    meaning: 'The site does not work without them. They need no consent.',
  },
};
