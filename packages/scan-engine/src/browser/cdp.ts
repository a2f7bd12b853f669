// The only door to Puppeteer's types, so that the rest of the engine names the protocol and not the library.
export type { CDPSession, Protocol } from 'puppeteer';
