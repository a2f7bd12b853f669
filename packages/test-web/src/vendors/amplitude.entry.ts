export { default as amplitude } from 'amplitude-js';
