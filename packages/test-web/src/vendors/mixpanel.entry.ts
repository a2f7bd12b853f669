export { default as mixpanel } from 'mixpanel-browser';
