import { html } from '../answers.ts';
import type { Site } from '../site.ts';
import { truth } from '../truth-builders.ts';

const PAGE = 'https://plain.test/';

/** The negative control: nothing at all is stored. */
export const plain: Site = {
  name: 'plain',
  url: PAGE,
  summary: 'A page without scripts, cookies or storage',
  routes: { 'plain.test/': html('<h1>Plain</h1><p>Nothing to see.</p>', { title: 'Plain' }) },
  truth: truth(PAGE),
};
