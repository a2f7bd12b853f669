export { ClientJS } from 'clientjs';
