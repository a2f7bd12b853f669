export { default as Plausible } from 'plausible-tracker';
