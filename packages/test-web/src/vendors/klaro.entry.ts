export { setup, show } from 'klaro/dist/klaro-no-css.js';
