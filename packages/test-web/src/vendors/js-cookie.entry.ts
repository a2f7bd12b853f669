export { default as Cookies } from 'js-cookie';
