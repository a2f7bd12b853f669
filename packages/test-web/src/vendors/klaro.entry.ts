export { setup } from 'klaro/dist/klaro-no-css.js';
