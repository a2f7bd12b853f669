/**
 * What every step of the set-up works with.
 *
 * @typedef {object} SetupContext
 * @property {string} rootDir folder of the checkout
 * @property {string} dataDir folder for everything that is made on this machine and not committed
 * @property {AbortSignal} signal fires when the user interrupts
 * @property {import('../../packages/local-stack/src/file-lock.mjs').FileLock} lock held while anything is changed
 */
export {};
