export { loadFilterLists, type AskedAddress, type FilterLists } from './load-filter-lists.ts';
