export { load } from '@fingerprintjs/fingerprintjs';
