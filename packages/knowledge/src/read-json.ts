import { readFileSync } from 'node:fs';

/** Reads a file of `data/`. */
export function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8'));
}
