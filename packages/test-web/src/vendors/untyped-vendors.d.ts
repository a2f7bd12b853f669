// Vendors without types of their own. What the test pages do with them is script text, so none are needed.
declare module 'amplitude-js';
declare module 'js-cookie';
declare module 'klaro/dist/klaro-no-css.js';
declare module 'cookieconsent';
declare module 'clientjs';
